Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 200 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 200 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave all opens
Tue 10:10:00 stable: wave all: slots for ngo-068, ngo-054, ngo-188, ngo-069, ngo-071
Tue 10:15:55 stable: ngo-068: Verified on Release glific-2
Tue 10:15:55 stable: ngo-054: Verified on Release glific-2
Tue 10:15:55 stable: ngo-188: Verified on Release glific-2
Tue 10:15:55 stable: ngo-069: Verified on Release glific-2
Tue 10:15:55 stable: ngo-071: Verified on Release glific-2
Tue 10:15:55 stable: wave all: slots for ngo-005, ngo-175, ngo-113, ngo-102, ngo-092
Tue 10:21:10 ngo-175: Finished pods of Release glific-2 did not all become ready within 5m0s: pods of Release glific-2 are not ready
Tue 10:21:15 stable: ngo-175: NeverHealthy on Release glific-2
Tue 10:21:15 stable: = Halted - 1 Organisation failed and spec.maxFailures is 0: correct what failed and set the annotation tenancy.glific.org/retry-at there, set it aside with tenancy.glific.org/set-aside=glific-2, or name another release; 4 Organisations in flight
Tue 10:21:50 stable: ngo-005: Verified on Release glific-2
Tue 10:21:50 stable: ngo-113: Verified on Release glific-2
Tue 10:21:50 stable: ngo-102: Verified on Release glific-2
Tue 10:21:50 stable: ngo-092: Verified on Release glific-2
Tue 10:21:50 stable: = Halted - 1 Organisation failed and spec.maxFailures is 0: correct what failed and set the annotation tenancy.glific.org/retry-at there, set it aside with tenancy.glific.org/set-aside=glific-2, or name another release
Wed 09:00:00 *: how many were touched?
Wed 09:00:00 *: 10 of 200
Wed 10:00:00 *: Git says release: glific-3
Wed 10:00:00 stable: Release glific-2 is superseded by glific-3
Wed 10:00:00 stable: wave all opens
Wed 10:00:00 stable: wave all: a slot for ngo-175 first, which was left on Release glific-2
Wed 10:00:00 stable: wave all: slots for ngo-124, ngo-146, ngo-118, ngo-193
Wed 10:05:55 stable: ngo-175: Verified on Release glific-3
Wed 10:05:55 stable: ngo-124: Verified on Release glific-3
Wed 10:05:55 stable: ngo-146: Verified on Release glific-3
Wed 10:05:55 stable: ngo-118: Verified on Release glific-3
Wed 10:05:55 stable: ngo-193: Verified on Release glific-3
Wed 10:05:55 stable: wave all: slots for ngo-170, ngo-008, ngo-158, ngo-053, ngo-180
Wed 10:11:50 stable: ngo-170: Verified on Release glific-3
Wed 10:11:50 stable: ngo-008: Verified on Release glific-3
Wed 10:11:50 stable: ngo-158: Verified on Release glific-3
Wed 10:11:50 stable: ngo-053: Verified on Release glific-3
Wed 10:11:50 stable: ngo-180: Verified on Release glific-3
Wed 10:11:50 stable: wave all: slots for ngo-085, ngo-002, ngo-016, ngo-023, ngo-060
Wed 10:17:45 stable: ngo-085: Verified on Release glific-3
Wed 10:17:45 stable: ngo-002: Verified on Release glific-3
Wed 10:17:45 stable: ngo-016: Verified on Release glific-3
Wed 10:17:45 stable: ngo-023: Verified on Release glific-3
Wed 10:17:45 stable: ngo-060: Verified on Release glific-3
Wed 10:17:45 stable: wave all: slots for ngo-174, ngo-078, ngo-153, ngo-155, ngo-139
Wed 10:23:40 stable: ngo-174: Verified on Release glific-3
Wed 10:23:40 stable: ngo-078: Verified on Release glific-3
Wed 10:23:40 stable: ngo-153: Verified on Release glific-3
Wed 10:23:40 stable: ngo-155: Verified on Release glific-3
Wed 10:23:40 stable: ngo-139: Verified on Release glific-3
Wed 10:23:40 stable: wave all: slots for ngo-162, ngo-034, ngo-025, ngo-181, ngo-029
Wed 10:29:35 stable: ngo-162: Verified on Release glific-3
Wed 10:29:35 stable: ngo-034: Verified on Release glific-3
Wed 10:29:35 stable: ngo-025: Verified on Release glific-3
Wed 10:29:35 stable: ngo-181: Verified on Release glific-3
Wed 10:29:35 stable: ngo-029: Verified on Release glific-3
Wed 10:29:35 stable: wave all: slots for ngo-141, ngo-028, ngo-043, ngo-013, ngo-133
Wed 10:35:30 stable: ngo-141: Verified on Release glific-3
Wed 10:35:30 stable: ngo-028: Verified on Release glific-3
Wed 10:35:30 stable: ngo-043: Verified on Release glific-3
Wed 10:35:30 stable: ngo-013: Verified on Release glific-3
Wed 10:35:30 stable: ngo-133: Verified on Release glific-3
Wed 10:35:30 stable: wave all: slots for ngo-134, ngo-042, ngo-179, ngo-096, ngo-131
Wed 10:41:25 stable: ngo-134: Verified on Release glific-3
Wed 10:41:25 stable: ngo-042: Verified on Release glific-3
Wed 10:41:25 stable: ngo-179: Verified on Release glific-3
Wed 10:41:25 stable: ngo-096: Verified on Release glific-3
Wed 10:41:25 stable: ngo-131: Verified on Release glific-3
Wed 10:41:25 stable: wave all: slots for ngo-044, ngo-077, ngo-130, ngo-015, ngo-079
Wed 10:47:20 stable: ngo-044: Verified on Release glific-3
Wed 10:47:20 stable: ngo-077: Verified on Release glific-3
Wed 10:47:20 stable: ngo-130: Verified on Release glific-3
Wed 10:47:20 stable: ngo-015: Verified on Release glific-3
Wed 10:47:20 stable: ngo-079: Verified on Release glific-3
Wed 10:47:20 stable: wave all: slots for ngo-165, ngo-149, ngo-129, ngo-095, ngo-135
Wed 10:53:15 stable: ngo-165: Verified on Release glific-3
Wed 10:53:15 stable: ngo-149: Verified on Release glific-3
Wed 10:53:15 stable: ngo-129: Verified on Release glific-3
Wed 10:53:15 stable: ngo-095: Verified on Release glific-3
Wed 10:53:15 stable: ngo-135: Verified on Release glific-3
Wed 10:53:15 stable: wave all: slots for ngo-082, ngo-161, ngo-046, ngo-004, ngo-083
Wed 10:59:10 stable: ngo-082: Verified on Release glific-3
Wed 10:59:10 stable: ngo-161: Verified on Release glific-3
Wed 10:59:10 stable: ngo-046: Verified on Release glific-3
Wed 10:59:10 stable: ngo-004: Verified on Release glific-3
Wed 10:59:10 stable: ngo-083: Verified on Release glific-3
Wed 10:59:10 stable: wave all: slots for ngo-163, ngo-038, ngo-148, ngo-160, ngo-119
Wed 11:05:05 stable: ngo-163: Verified on Release glific-3
Wed 11:05:05 stable: ngo-038: Verified on Release glific-3
Wed 11:05:05 stable: ngo-148: Verified on Release glific-3
Wed 11:05:05 stable: ngo-160: Verified on Release glific-3
Wed 11:05:05 stable: ngo-119: Verified on Release glific-3
Wed 11:05:05 stable: wave all: slots for ngo-169, ngo-041, ngo-084, ngo-178, ngo-064
Wed 11:11:00 stable: ngo-169: Verified on Release glific-3
Wed 11:11:00 stable: ngo-041: Verified on Release glific-3
Wed 11:11:00 stable: ngo-084: Verified on Release glific-3
Wed 11:11:00 stable: ngo-178: Verified on Release glific-3
Wed 11:11:00 stable: ngo-064: Verified on Release glific-3
Wed 11:11:00 stable: wave all: slots for ngo-159, ngo-152, ngo-014, ngo-200, ngo-098
Wed 11:16:55 stable: ngo-159: Verified on Release glific-3
Wed 11:16:55 stable: ngo-152: Verified on Release glific-3
Wed 11:16:55 stable: ngo-014: Verified on Release glific-3
Wed 11:16:55 stable: ngo-200: Verified on Release glific-3
Wed 11:16:55 stable: ngo-098: Verified on Release glific-3
Wed 11:16:55 stable: wave all: slots for ngo-090, ngo-106, ngo-009, ngo-026, ngo-127
Wed 11:22:50 stable: ngo-090: Verified on Release glific-3
Wed 11:22:50 stable: ngo-106: Verified on Release glific-3
Wed 11:22:50 stable: ngo-009: Verified on Release glific-3
Wed 11:22:50 stable: ngo-026: Verified on Release glific-3
Wed 11:22:50 stable: ngo-127: Verified on Release glific-3
Wed 11:22:50 stable: wave all: slots for ngo-019, ngo-081, ngo-070, ngo-137, ngo-074
Wed 11:28:45 stable: ngo-019: Verified on Release glific-3
Wed 11:28:45 stable: ngo-081: Verified on Release glific-3
Wed 11:28:45 stable: ngo-070: Verified on Release glific-3
Wed 11:28:45 stable: ngo-137: Verified on Release glific-3
Wed 11:28:45 stable: ngo-074: Verified on Release glific-3
Wed 11:28:45 stable: wave all: slots for ngo-121, ngo-040, ngo-136, ngo-086, ngo-172
Wed 11:34:40 stable: ngo-121: Verified on Release glific-3
Wed 11:34:40 stable: ngo-040: Verified on Release glific-3
Wed 11:34:40 stable: ngo-136: Verified on Release glific-3
Wed 11:34:40 stable: ngo-086: Verified on Release glific-3
Wed 11:34:40 stable: ngo-172: Verified on Release glific-3
Wed 11:34:40 stable: wave all: slots for ngo-036, ngo-132, ngo-142, ngo-068, ngo-071
Wed 11:40:35 stable: ngo-036: Verified on Release glific-3
Wed 11:40:35 stable: ngo-132: Verified on Release glific-3
Wed 11:40:35 stable: ngo-142: Verified on Release glific-3
Wed 11:40:35 stable: ngo-068: Verified on Release glific-3
Wed 11:40:35 stable: ngo-071: Verified on Release glific-3
Wed 11:40:35 stable: wave all: slots for ngo-138, ngo-113, ngo-045, ngo-007, ngo-107
Wed 11:46:30 stable: ngo-138: Verified on Release glific-3
Wed 11:46:30 stable: ngo-113: Verified on Release glific-3
Wed 11:46:30 stable: ngo-045: Verified on Release glific-3
Wed 11:46:30 stable: ngo-007: Verified on Release glific-3
Wed 11:46:30 stable: ngo-107: Verified on Release glific-3
Wed 11:46:30 stable: wave all: slots for ngo-024, ngo-059, ngo-076, ngo-030, ngo-196
Wed 11:52:25 stable: ngo-024: Verified on Release glific-3
Wed 11:52:25 stable: ngo-059: Verified on Release glific-3
Wed 11:52:25 stable: ngo-076: Verified on Release glific-3
Wed 11:52:25 stable: ngo-030: Verified on Release glific-3
Wed 11:52:25 stable: ngo-196: Verified on Release glific-3
Wed 11:52:25 stable: wave all: slots for ngo-164, ngo-198, ngo-006, ngo-145, ngo-031
Wed 11:58:20 stable: ngo-164: Verified on Release glific-3
Wed 11:58:20 stable: ngo-198: Verified on Release glific-3
Wed 11:58:20 stable: ngo-006: Verified on Release glific-3
Wed 11:58:20 stable: ngo-145: Verified on Release glific-3
Wed 11:58:20 stable: ngo-031: Verified on Release glific-3
Wed 11:58:20 stable: wave all: slots for ngo-091, ngo-147, ngo-117, ngo-022, ngo-047
Wed 12:04:15 stable: ngo-091: Verified on Release glific-3
Wed 12:04:15 stable: ngo-147: Verified on Release glific-3
Wed 12:04:15 stable: ngo-117: Verified on Release glific-3
Wed 12:04:15 stable: ngo-022: Verified on Release glific-3
Wed 12:04:15 stable: ngo-047: Verified on Release glific-3
Wed 12:04:15 stable: wave all: slots for ngo-073, ngo-126, ngo-035, ngo-020, ngo-065
Wed 12:10:10 stable: ngo-073: Verified on Release glific-3
Wed 12:10:10 stable: ngo-126: Verified on Release glific-3
Wed 12:10:10 stable: ngo-035: Verified on Release glific-3
Wed 12:10:10 stable: ngo-020: Verified on Release glific-3
Wed 12:10:10 stable: ngo-065: Verified on Release glific-3
Wed 12:10:10 stable: wave all: slots for ngo-104, ngo-017, ngo-111, ngo-156, ngo-116
Wed 12:16:05 stable: ngo-104: Verified on Release glific-3
Wed 12:16:05 stable: ngo-017: Verified on Release glific-3
Wed 12:16:05 stable: ngo-111: Verified on Release glific-3
Wed 12:16:05 stable: ngo-156: Verified on Release glific-3
Wed 12:16:05 stable: ngo-116: Verified on Release glific-3
Wed 12:16:05 stable: wave all: slots for ngo-150, ngo-197, ngo-166, ngo-192, ngo-061
Wed 12:22:00 stable: ngo-150: Verified on Release glific-3
Wed 12:22:00 stable: ngo-197: Verified on Release glific-3
Wed 12:22:00 stable: ngo-166: Verified on Release glific-3
Wed 12:22:00 stable: ngo-192: Verified on Release glific-3
Wed 12:22:00 stable: ngo-061: Verified on Release glific-3
Wed 12:22:00 stable: wave all: slots for ngo-027, ngo-094, ngo-194, ngo-125, ngo-114
Wed 12:27:55 stable: ngo-027: Verified on Release glific-3
Wed 12:27:55 stable: ngo-094: Verified on Release glific-3
Wed 12:27:55 stable: ngo-194: Verified on Release glific-3
Wed 12:27:55 stable: ngo-125: Verified on Release glific-3
Wed 12:27:55 stable: ngo-114: Verified on Release glific-3
Wed 12:27:55 stable: wave all: slots for ngo-151, ngo-187, ngo-010, ngo-144, ngo-157
Wed 12:33:50 stable: ngo-151: Verified on Release glific-3
Wed 12:33:50 stable: ngo-187: Verified on Release glific-3
Wed 12:33:50 stable: ngo-010: Verified on Release glific-3
Wed 12:33:50 stable: ngo-144: Verified on Release glific-3
Wed 12:33:50 stable: ngo-157: Verified on Release glific-3
Wed 12:33:50 stable: wave all: slots for ngo-140, ngo-049, ngo-063, ngo-109, ngo-112
Wed 12:39:45 stable: ngo-140: Verified on Release glific-3
Wed 12:39:45 stable: ngo-049: Verified on Release glific-3
Wed 12:39:45 stable: ngo-063: Verified on Release glific-3
Wed 12:39:45 stable: ngo-109: Verified on Release glific-3
Wed 12:39:45 stable: ngo-112: Verified on Release glific-3
Wed 12:39:45 stable: wave all: slots for ngo-099, ngo-087, ngo-003, ngo-080, ngo-051
Wed 12:45:40 stable: ngo-099: Verified on Release glific-3
Wed 12:45:40 stable: ngo-087: Verified on Release glific-3
Wed 12:45:40 stable: ngo-003: Verified on Release glific-3
Wed 12:45:40 stable: ngo-080: Verified on Release glific-3
Wed 12:45:40 stable: ngo-051: Verified on Release glific-3
Wed 12:45:40 stable: wave all: slots for ngo-100, ngo-067, ngo-088, ngo-183, ngo-097
Wed 12:51:35 stable: ngo-100: Verified on Release glific-3
Wed 12:51:35 stable: ngo-067: Verified on Release glific-3
Wed 12:51:35 stable: ngo-088: Verified on Release glific-3
Wed 12:51:35 stable: ngo-183: Verified on Release glific-3
Wed 12:51:35 stable: ngo-097: Verified on Release glific-3
Wed 12:51:35 stable: wave all: slots for ngo-058, ngo-182, ngo-055, ngo-021, ngo-195
Wed 12:57:30 stable: ngo-058: Verified on Release glific-3
Wed 12:57:30 stable: ngo-182: Verified on Release glific-3
Wed 12:57:30 stable: ngo-055: Verified on Release glific-3
Wed 12:57:30 stable: ngo-021: Verified on Release glific-3
Wed 12:57:30 stable: ngo-195: Verified on Release glific-3
Wed 12:57:30 stable: wave all: slots for ngo-062, ngo-037, ngo-101, ngo-075, ngo-050
Wed 13:03:25 stable: ngo-062: Verified on Release glific-3
Wed 13:03:25 stable: ngo-037: Verified on Release glific-3
Wed 13:03:25 stable: ngo-101: Verified on Release glific-3
Wed 13:03:25 stable: ngo-075: Verified on Release glific-3
Wed 13:03:25 stable: ngo-050: Verified on Release glific-3
Wed 13:03:25 stable: wave all: slots for ngo-103, ngo-072, ngo-143, ngo-186, ngo-176
Wed 13:09:20 stable: ngo-103: Verified on Release glific-3
Wed 13:09:20 stable: ngo-072: Verified on Release glific-3
Wed 13:09:20 stable: ngo-143: Verified on Release glific-3
Wed 13:09:20 stable: ngo-186: Verified on Release glific-3
Wed 13:09:20 stable: ngo-176: Verified on Release glific-3
Wed 13:09:20 stable: wave all: slots for ngo-048, ngo-102, ngo-185, ngo-033, ngo-005
Wed 13:15:15 stable: ngo-048: Verified on Release glific-3
Wed 13:15:15 stable: ngo-102: Verified on Release glific-3
Wed 13:15:15 stable: ngo-185: Verified on Release glific-3
Wed 13:15:15 stable: ngo-033: Verified on Release glific-3
Wed 13:15:15 stable: ngo-005: Verified on Release glific-3
Wed 13:15:15 stable: wave all: slots for ngo-168, ngo-052, ngo-089, ngo-032, ngo-093
Wed 13:21:10 stable: ngo-168: Verified on Release glific-3
Wed 13:21:10 stable: ngo-052: Verified on Release glific-3
Wed 13:21:10 stable: ngo-089: Verified on Release glific-3
Wed 13:21:10 stable: ngo-032: Verified on Release glific-3
Wed 13:21:10 stable: ngo-093: Verified on Release glific-3
Wed 13:21:10 stable: wave all: slots for ngo-057, ngo-173, ngo-154, ngo-054, ngo-039
Wed 13:27:05 stable: ngo-057: Verified on Release glific-3
Wed 13:27:05 stable: ngo-173: Verified on Release glific-3
Wed 13:27:05 stable: ngo-154: Verified on Release glific-3
Wed 13:27:05 stable: ngo-054: Verified on Release glific-3
Wed 13:27:05 stable: ngo-039: Verified on Release glific-3
Wed 13:27:05 stable: wave all: slots for ngo-056, ngo-190, ngo-110, ngo-115, ngo-189
Wed 13:33:00 stable: ngo-056: Verified on Release glific-3
Wed 13:33:00 stable: ngo-190: Verified on Release glific-3
Wed 13:33:00 stable: ngo-110: Verified on Release glific-3
Wed 13:33:00 stable: ngo-115: Verified on Release glific-3
Wed 13:33:00 stable: ngo-189: Verified on Release glific-3
Wed 13:33:00 stable: wave all: slots for ngo-066, ngo-123, ngo-184, ngo-012, ngo-120
Wed 13:38:55 stable: ngo-066: Verified on Release glific-3
Wed 13:38:55 stable: ngo-123: Verified on Release glific-3
Wed 13:38:55 stable: ngo-184: Verified on Release glific-3
Wed 13:38:55 stable: ngo-012: Verified on Release glific-3
Wed 13:38:55 stable: ngo-120: Verified on Release glific-3
Wed 13:38:55 stable: wave all: slots for ngo-191, ngo-188, ngo-108, ngo-171, ngo-069
Wed 13:44:50 stable: ngo-191: Verified on Release glific-3
Wed 13:44:50 stable: ngo-188: Verified on Release glific-3
Wed 13:44:50 stable: ngo-108: Verified on Release glific-3
Wed 13:44:50 stable: ngo-171: Verified on Release glific-3
Wed 13:44:50 stable: ngo-069: Verified on Release glific-3
Wed 13:44:50 stable: wave all: slots for ngo-001, ngo-018, ngo-167, ngo-105, ngo-177
Wed 13:50:45 stable: ngo-001: Verified on Release glific-3
Wed 13:50:45 stable: ngo-018: Verified on Release glific-3
Wed 13:50:45 stable: ngo-167: Verified on Release glific-3
Wed 13:50:45 stable: ngo-105: Verified on Release glific-3
Wed 13:50:45 stable: ngo-177: Verified on Release glific-3
Wed 13:50:45 stable: wave all: slots for ngo-122, ngo-011, ngo-199, ngo-128, ngo-092
Wed 13:56:40 stable: ngo-122: Verified on Release glific-3
Wed 13:56:40 stable: ngo-011: Verified on Release glific-3
Wed 13:56:40 stable: ngo-199: Verified on Release glific-3
Wed 13:56:40 stable: ngo-128: Verified on Release glific-3
Wed 13:56:40 stable: ngo-092: Verified on Release glific-3
Wed 13:56:40 stable: Release glific-3 is verified by 200 Organisations
Wed 13:56:40 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 200 Organisations

stable: RolledOut, verified glific-3, wave all
