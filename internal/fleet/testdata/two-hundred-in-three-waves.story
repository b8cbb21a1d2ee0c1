Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 200 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 200 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave canary opens
Tue 10:10:00 stable: wave canary: slots for ngo-001
Tue 10:15:55 stable: ngo-001: Verified on Release glific-2
Tue 10:15:55 stable: wave canary: slots for ngo-002
Tue 10:21:50 stable: ngo-002: Verified on Release glific-2
Tue 10:21:50 stable: wave canary is through and soaks for 1h0m0s
Tue 10:21:50 stable: = Soaking - wave early opens after wave canary has served for 1h0m0s
Tue 11:21:50 stable: wave early opens
Tue 11:21:50 stable: wave early: slots for ngo-054, ngo-005, ngo-073, ngo-185, ngo-137
Tue 11:27:45 stable: ngo-054: Verified on Release glific-2
Tue 11:27:45 stable: ngo-005: Verified on Release glific-2
Tue 11:27:45 stable: ngo-073: Verified on Release glific-2
Tue 11:27:45 stable: ngo-185: Verified on Release glific-2
Tue 11:27:45 stable: ngo-137: Verified on Release glific-2
Tue 11:27:45 stable: wave early: slots for ngo-095, ngo-159, ngo-142, ngo-150, ngo-103
Tue 11:33:40 stable: ngo-095: Verified on Release glific-2
Tue 11:33:40 stable: ngo-159: Verified on Release glific-2
Tue 11:33:40 stable: ngo-142: Verified on Release glific-2
Tue 11:33:40 stable: ngo-150: Verified on Release glific-2
Tue 11:33:40 stable: ngo-103: Verified on Release glific-2
Tue 11:33:40 stable: wave early: slots for ngo-155, ngo-004, ngo-038, ngo-020, ngo-161
Tue 11:39:35 stable: ngo-155: Verified on Release glific-2
Tue 11:39:35 stable: ngo-004: Verified on Release glific-2
Tue 11:39:35 stable: ngo-038: Verified on Release glific-2
Tue 11:39:35 stable: ngo-020: Verified on Release glific-2
Tue 11:39:35 stable: ngo-161: Verified on Release glific-2
Tue 11:39:35 stable: wave early: slots for ngo-141
Tue 11:45:30 stable: ngo-141: Verified on Release glific-2
Tue 11:45:30 stable: wave early is through and soaks for 1h0m0s
Tue 11:45:30 stable: = Soaking - wave rest opens after wave early has served for 1h0m0s
Tue 12:45:30 stable: wave rest opens
Tue 12:45:30 stable: wave rest: slots for ngo-068, ngo-188, ngo-069, ngo-071, ngo-175, ngo-113, ngo-102, ngo-092, ngo-139, ngo-083, ngo-046, ngo-088, ngo-148, ngo-053, ngo-179, ngo-042, ngo-174, ngo-075, ngo-076
Tue 12:51:25 stable: ngo-068: Verified on Release glific-2
Tue 12:51:25 stable: ngo-188: Verified on Release glific-2
Tue 12:51:25 stable: ngo-069: Verified on Release glific-2
Tue 12:51:25 stable: ngo-071: Verified on Release glific-2
Tue 12:51:25 stable: ngo-175: Verified on Release glific-2
Tue 12:51:25 stable: ngo-113: Verified on Release glific-2
Tue 12:51:25 stable: ngo-102: Verified on Release glific-2
Tue 12:51:25 stable: ngo-092: Verified on Release glific-2
Tue 12:51:25 stable: ngo-139: Verified on Release glific-2
Tue 12:51:25 stable: ngo-083: Verified on Release glific-2
Tue 12:51:25 stable: ngo-046: Verified on Release glific-2
Tue 12:51:25 stable: ngo-088: Verified on Release glific-2
Tue 12:51:25 stable: ngo-148: Verified on Release glific-2
Tue 12:51:25 stable: ngo-053: Verified on Release glific-2
Tue 12:51:25 stable: ngo-179: Verified on Release glific-2
Tue 12:51:25 stable: ngo-042: Verified on Release glific-2
Tue 12:51:25 stable: ngo-174: Verified on Release glific-2
Tue 12:51:25 stable: ngo-075: Verified on Release glific-2
Tue 12:51:25 stable: ngo-076: Verified on Release glific-2
Tue 12:51:25 stable: wave rest: slots for ngo-183, ngo-022, ngo-191, ngo-178, ngo-124, ngo-025, ngo-143, ngo-107, ngo-047, ngo-062, ngo-145, ngo-091, ngo-118, ngo-186, ngo-090, ngo-023, ngo-084, ngo-041, ngo-105
Tue 12:57:20 stable: ngo-183: Verified on Release glific-2
Tue 12:57:20 stable: ngo-022: Verified on Release glific-2
Tue 12:57:20 stable: ngo-191: Verified on Release glific-2
Tue 12:57:20 stable: ngo-178: Verified on Release glific-2
Tue 12:57:20 stable: ngo-124: Verified on Release glific-2
Tue 12:57:20 stable: ngo-025: Verified on Release glific-2
Tue 12:57:20 stable: ngo-143: Verified on Release glific-2
Tue 12:57:20 stable: ngo-107: Verified on Release glific-2
Tue 12:57:20 stable: ngo-047: Verified on Release glific-2
Tue 12:57:20 stable: ngo-062: Verified on Release glific-2
Tue 12:57:20 stable: ngo-145: Verified on Release glific-2
Tue 12:57:20 stable: ngo-091: Verified on Release glific-2
Tue 12:57:20 stable: ngo-118: Verified on Release glific-2
Tue 12:57:20 stable: ngo-186: Verified on Release glific-2
Tue 12:57:20 stable: ngo-090: Verified on Release glific-2
Tue 12:57:20 stable: ngo-023: Verified on Release glific-2
Tue 12:57:20 stable: ngo-084: Verified on Release glific-2
Tue 12:57:20 stable: ngo-041: Verified on Release glific-2
Tue 12:57:20 stable: ngo-105: Verified on Release glific-2
Tue 12:57:20 stable: wave rest: slots for ngo-198, ngo-149, ngo-017, ngo-072, ngo-165, ngo-087, ngo-168, ngo-129, ngo-171, ngo-037, ngo-135, ngo-200, ngo-077, ngo-027, ngo-170, ngo-151, ngo-026, ngo-035, ngo-104
Tue 13:03:15 stable: ngo-198: Verified on Release glific-2
Tue 13:03:15 stable: ngo-149: Verified on Release glific-2
Tue 13:03:15 stable: ngo-017: Verified on Release glific-2
Tue 13:03:15 stable: ngo-072: Verified on Release glific-2
Tue 13:03:15 stable: ngo-165: Verified on Release glific-2
Tue 13:03:15 stable: ngo-087: Verified on Release glific-2
Tue 13:03:15 stable: ngo-168: Verified on Release glific-2
Tue 13:03:15 stable: ngo-129: Verified on Release glific-2
Tue 13:03:15 stable: ngo-171: Verified on Release glific-2
Tue 13:03:15 stable: ngo-037: Verified on Release glific-2
Tue 13:03:15 stable: ngo-135: Verified on Release glific-2
Tue 13:03:15 stable: ngo-200: Verified on Release glific-2
Tue 13:03:15 stable: ngo-077: Verified on Release glific-2
Tue 13:03:15 stable: ngo-027: Verified on Release glific-2
Tue 13:03:15 stable: ngo-170: Verified on Release glific-2
Tue 13:03:15 stable: ngo-151: Verified on Release glific-2
Tue 13:03:15 stable: ngo-026: Verified on Release glific-2
Tue 13:03:15 stable: ngo-035: Verified on Release glific-2
Tue 13:03:15 stable: ngo-104: Verified on Release glific-2
Tue 13:03:15 stable: wave rest: slots for ngo-116, ngo-199, ngo-045, ngo-125, ngo-176, ngo-131, ngo-128, ngo-079, ngo-033, ngo-180, ngo-164, ngo-195, ngo-167, ngo-057, ngo-086, ngo-066, ngo-061, ngo-006, ngo-144
Tue 13:09:10 stable: ngo-116: Verified on Release glific-2
Tue 13:09:10 stable: ngo-199: Verified on Release glific-2
Tue 13:09:10 stable: ngo-045: Verified on Release glific-2
Tue 13:09:10 stable: ngo-125: Verified on Release glific-2
Tue 13:09:10 stable: ngo-176: Verified on Release glific-2
Tue 13:09:10 stable: ngo-131: Verified on Release glific-2
Tue 13:09:10 stable: ngo-128: Verified on Release glific-2
Tue 13:09:10 stable: ngo-079: Verified on Release glific-2
Tue 13:09:10 stable: ngo-033: Verified on Release glific-2
Tue 13:09:10 stable: ngo-180: Verified on Release glific-2
Tue 13:09:10 stable: ngo-164: Verified on Release glific-2
Tue 13:09:10 stable: ngo-195: Verified on Release glific-2
Tue 13:09:10 stable: ngo-167: Verified on Release glific-2
Tue 13:09:10 stable: ngo-057: Verified on Release glific-2
Tue 13:09:10 stable: ngo-086: Verified on Release glific-2
Tue 13:09:10 stable: ngo-066: Verified on Release glific-2
Tue 13:09:10 stable: ngo-061: Verified on Release glific-2
Tue 13:09:10 stable: ngo-006: Verified on Release glific-2
Tue 13:09:10 stable: ngo-144: Verified on Release glific-2
Tue 13:09:10 stable: wave rest: slots for ngo-019, ngo-009, ngo-036, ngo-169, ngo-063, ngo-147, ngo-158, ngo-157, ngo-067, ngo-126, ngo-106, ngo-060, ngo-109, ngo-193, ngo-065, ngo-119, ngo-015, ngo-040, ngo-190
Tue 13:15:05 stable: ngo-019: Verified on Release glific-2
Tue 13:15:05 stable: ngo-009: Verified on Release glific-2
Tue 13:15:05 stable: ngo-036: Verified on Release glific-2
Tue 13:15:05 stable: ngo-169: Verified on Release glific-2
Tue 13:15:05 stable: ngo-063: Verified on Release glific-2
Tue 13:15:05 stable: ngo-147: Verified on Release glific-2
Tue 13:15:05 stable: ngo-158: Verified on Release glific-2
Tue 13:15:05 stable: ngo-157: Verified on Release glific-2
Tue 13:15:05 stable: ngo-067: Verified on Release glific-2
Tue 13:15:05 stable: ngo-126: Verified on Release glific-2
Tue 13:15:05 stable: ngo-106: Verified on Release glific-2
Tue 13:15:05 stable: ngo-060: Verified on Release glific-2
Tue 13:15:05 stable: ngo-109: Verified on Release glific-2
Tue 13:15:05 stable: ngo-193: Verified on Release glific-2
Tue 13:15:05 stable: ngo-065: Verified on Release glific-2
Tue 13:15:05 stable: ngo-119: Verified on Release glific-2
Tue 13:15:05 stable: ngo-015: Verified on Release glific-2
Tue 13:15:05 stable: ngo-040: Verified on Release glific-2
Tue 13:15:05 stable: ngo-190: Verified on Release glific-2
Tue 13:15:05 stable: wave rest: slots for ngo-192, ngo-101, ngo-177, ngo-056, ngo-112, ngo-184, ngo-152, ngo-115, ngo-173, ngo-012, ngo-094, ngo-050, ngo-014, ngo-100, ngo-114, ngo-018, ngo-162, ngo-008, ngo-140
Tue 13:21:00 stable: ngo-192: Verified on Release glific-2
Tue 13:21:00 stable: ngo-101: Verified on Release glific-2
Tue 13:21:00 stable: ngo-177: Verified on Release glific-2
Tue 13:21:00 stable: ngo-056: Verified on Release glific-2
Tue 13:21:00 stable: ngo-112: Verified on Release glific-2
Tue 13:21:00 stable: ngo-184: Verified on Release glific-2
Tue 13:21:00 stable: ngo-152: Verified on Release glific-2
Tue 13:21:00 stable: ngo-115: Verified on Release glific-2
Tue 13:21:00 stable: ngo-173: Verified on Release glific-2
Tue 13:21:00 stable: ngo-012: Verified on Release glific-2
Tue 13:21:00 stable: ngo-094: Verified on Release glific-2
Tue 13:21:00 stable: ngo-050: Verified on Release glific-2
Tue 13:21:00 stable: ngo-014: Verified on Release glific-2
Tue 13:21:00 stable: ngo-100: Verified on Release glific-2
Tue 13:21:00 stable: ngo-114: Verified on Release glific-2
Tue 13:21:00 stable: ngo-018: Verified on Release glific-2
Tue 13:21:00 stable: ngo-162: Verified on Release glific-2
Tue 13:21:00 stable: ngo-008: Verified on Release glific-2
Tue 13:21:00 stable: ngo-140: Verified on Release glific-2
Tue 13:21:00 stable: wave rest: slots for ngo-196, ngo-172, ngo-194, ngo-074, ngo-064, ngo-007, ngo-121, ngo-044, ngo-031, ngo-030, ngo-127, ngo-166, ngo-085, ngo-039, ngo-182, ngo-024, ngo-138, ngo-181, ngo-055
Tue 13:26:55 stable: ngo-196: Verified on Release glific-2
Tue 13:26:55 stable: ngo-172: Verified on Release glific-2
Tue 13:26:55 stable: ngo-194: Verified on Release glific-2
Tue 13:26:55 stable: ngo-074: Verified on Release glific-2
Tue 13:26:55 stable: ngo-064: Verified on Release glific-2
Tue 13:26:55 stable: ngo-007: Verified on Release glific-2
Tue 13:26:55 stable: ngo-121: Verified on Release glific-2
Tue 13:26:55 stable: ngo-044: Verified on Release glific-2
Tue 13:26:55 stable: ngo-031: Verified on Release glific-2
Tue 13:26:55 stable: ngo-030: Verified on Release glific-2
Tue 13:26:55 stable: ngo-127: Verified on Release glific-2
Tue 13:26:55 stable: ngo-166: Verified on Release glific-2
Tue 13:26:55 stable: ngo-085: Verified on Release glific-2
Tue 13:26:55 stable: ngo-039: Verified on Release glific-2
Tue 13:26:55 stable: ngo-182: Verified on Release glific-2
Tue 13:26:55 stable: ngo-024: Verified on Release glific-2
Tue 13:26:55 stable: ngo-138: Verified on Release glific-2
Tue 13:26:55 stable: ngo-181: Verified on Release glific-2
Tue 13:26:55 stable: ngo-055: Verified on Release glific-2
Tue 13:26:55 stable: wave rest: slots for ngo-070, ngo-011, ngo-136, ngo-096, ngo-099, ngo-082, ngo-123, ngo-043, ngo-029, ngo-108, ngo-134, ngo-048, ngo-093, ngo-049, ngo-097, ngo-021, ngo-098, ngo-016, ngo-111
Tue 13:32:50 stable: ngo-070: Verified on Release glific-2
Tue 13:32:50 stable: ngo-011: Verified on Release glific-2
Tue 13:32:50 stable: ngo-136: Verified on Release glific-2
Tue 13:32:50 stable: ngo-096: Verified on Release glific-2
Tue 13:32:50 stable: ngo-099: Verified on Release glific-2
Tue 13:32:50 stable: ngo-082: Verified on Release glific-2
Tue 13:32:50 stable: ngo-123: Verified on Release glific-2
Tue 13:32:50 stable: ngo-043: Verified on Release glific-2
Tue 13:32:50 stable: ngo-029: Verified on Release glific-2
Tue 13:32:50 stable: ngo-108: Verified on Release glific-2
Tue 13:32:50 stable: ngo-134: Verified on Release glific-2
Tue 13:32:50 stable: ngo-048: Verified on Release glific-2
Tue 13:32:50 stable: ngo-093: Verified on Release glific-2
Tue 13:32:50 stable: ngo-049: Verified on Release glific-2
Tue 13:32:50 stable: ngo-097: Verified on Release glific-2
Tue 13:32:50 stable: ngo-021: Verified on Release glific-2
Tue 13:32:50 stable: ngo-098: Verified on Release glific-2
Tue 13:32:50 stable: ngo-016: Verified on Release glific-2
Tue 13:32:50 stable: ngo-111: Verified on Release glific-2
Tue 13:32:50 stable: wave rest: slots for ngo-120, ngo-089, ngo-010, ngo-080, ngo-189, ngo-117, ngo-130, ngo-081, ngo-003, ngo-032, ngo-187, ngo-197, ngo-156, ngo-078, ngo-034, ngo-013, ngo-052, ngo-110, ngo-059
Tue 13:38:45 stable: ngo-120: Verified on Release glific-2
Tue 13:38:45 stable: ngo-089: Verified on Release glific-2
Tue 13:38:45 stable: ngo-010: Verified on Release glific-2
Tue 13:38:45 stable: ngo-080: Verified on Release glific-2
Tue 13:38:45 stable: ngo-189: Verified on Release glific-2
Tue 13:38:45 stable: ngo-117: Verified on Release glific-2
Tue 13:38:45 stable: ngo-130: Verified on Release glific-2
Tue 13:38:45 stable: ngo-081: Verified on Release glific-2
Tue 13:38:45 stable: ngo-003: Verified on Release glific-2
Tue 13:38:45 stable: ngo-032: Verified on Release glific-2
Tue 13:38:45 stable: ngo-187: Verified on Release glific-2
Tue 13:38:45 stable: ngo-197: Verified on Release glific-2
Tue 13:38:45 stable: ngo-156: Verified on Release glific-2
Tue 13:38:45 stable: ngo-078: Verified on Release glific-2
Tue 13:38:45 stable: ngo-034: Verified on Release glific-2
Tue 13:38:45 stable: ngo-013: Verified on Release glific-2
Tue 13:38:45 stable: ngo-052: Verified on Release glific-2
Tue 13:38:45 stable: ngo-110: Verified on Release glific-2
Tue 13:38:45 stable: ngo-059: Verified on Release glific-2
Tue 13:38:45 stable: wave rest: slots for ngo-051, ngo-160, ngo-133, ngo-153, ngo-154, ngo-122, ngo-028, ngo-132, ngo-146, ngo-058, ngo-163
Tue 13:44:40 stable: ngo-051: Verified on Release glific-2
Tue 13:44:40 stable: ngo-160: Verified on Release glific-2
Tue 13:44:40 stable: ngo-133: Verified on Release glific-2
Tue 13:44:40 stable: ngo-153: Verified on Release glific-2
Tue 13:44:40 stable: ngo-154: Verified on Release glific-2
Tue 13:44:40 stable: ngo-122: Verified on Release glific-2
Tue 13:44:40 stable: ngo-028: Verified on Release glific-2
Tue 13:44:40 stable: ngo-132: Verified on Release glific-2
Tue 13:44:40 stable: ngo-146: Verified on Release glific-2
Tue 13:44:40 stable: ngo-058: Verified on Release glific-2
Tue 13:44:40 stable: ngo-163: Verified on Release glific-2
Tue 13:44:40 stable: Release glific-2 is verified by 200 Organisations
Tue 13:44:40 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 200 Organisations

stable: RolledOut, verified glific-2, wave rest
