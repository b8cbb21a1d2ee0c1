Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 6 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 6 Organisations
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave canary opens
Tue 10:10:00 stable: wave canary: slots for asha
Tue 10:10:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-2; 1 Organisation in flight
Tue 10:10:00 asha: Preflight Release glific-2 is let in
Tue 10:10:05 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:15 asha: Converging pods of Release glific-2 are not ready
Tue 10:10:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:45 asha: Probing it held; now it is asked as its users ask
Tue 10:15:50 asha: Finished Release glific-2 is verified
Tue 10:15:55 stable: asha: Verified on Release glific-2
Tue 10:15:55 stable: wave canary is through and soaks for 2h0m0s
Tue 10:15:55 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 12:15:55 stable: wave rest opens
Tue 12:15:55 stable: wave rest: slots for sneha, goonj
Tue 12:15:55 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:15:55 goonj: Preflight Release glific-2 is let in
Tue 12:15:55 sneha: Preflight Release glific-2 is let in
Tue 12:16:00 goonj: Deploying pods of Release glific-2 are asked for
Tue 12:16:00 sneha: Deploying pods of Release glific-2 are asked for
Tue 12:16:10 goonj: Converging pods of Release glific-2 are not ready
Tue 12:16:10 sneha: Converging pods of Release glific-2 are not ready
Tue 12:16:40 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:16:40 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:21:40 goonj: Probing it held; now it is asked as its users ask
Tue 12:21:40 sneha: Probing it held; now it is asked as its users ask
Tue 12:21:45 goonj: Finished Release glific-2 is verified
Tue 12:21:45 sneha: Finished Release glific-2 is verified
Tue 12:21:50 stable: sneha: Verified on Release glific-2
Tue 12:21:50 stable: goonj: Verified on Release glific-2
Tue 12:21:50 stable: wave rest: slots for pratham, bhumi
Tue 12:21:50 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:21:50 bhumi: Preflight Release glific-2 is let in
Tue 12:21:50 pratham: Preflight Release glific-2 is let in
Tue 12:21:55 bhumi: Deploying pods of Release glific-2 are asked for
Tue 12:21:55 pratham: Deploying pods of Release glific-2 are asked for
Tue 12:22:05 bhumi: Converging pods of Release glific-2 are not ready
Tue 12:22:05 pratham: Converging pods of Release glific-2 are not ready
Tue 12:22:35 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:22:35 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:25:00 *: Git says release: glific-1
Tue 12:25:00 stable: Release glific-2 is superseded by glific-1
Tue 12:25:00 stable: wave canary opens
Tue 12:25:00 stable: = RollingOut - update of wave canary: 1 of 6 serve Release glific-1; 2 Organisations in flight
Tue 12:25:00 bhumi: Finished Release glific-1 is wanted now
Tue 12:25:00 pratham: Finished Release glific-1 is wanted now
Tue 12:25:05 stable: pratham: Superseded on Release glific-2
Tue 12:25:05 stable: bhumi: Superseded on Release glific-2
Tue 12:25:05 stable: wave rest: a slot for bhumi first, which was left on Release glific-2
Tue 12:25:05 stable: = RollingOut - update of wave canary: 1 of 6 serve Release glific-1; 1 Organisation in flight
Tue 12:25:05 bhumi: Preflight Release glific-1 is let in
Tue 12:25:10 bhumi: Deploying pods of Release glific-1 are asked for
Tue 12:25:20 bhumi: Converging pods of Release glific-1 are not ready
Tue 12:25:50 bhumi: Holding Release glific-1 must stay healthy for 5m0s
Tue 12:30:50 bhumi: Probing it held; now it is asked as its users ask
Tue 12:30:55 bhumi: Finished Release glific-1 is verified
Tue 12:31:00 stable: bhumi: Verified on Release glific-1
Tue 12:31:00 stable: wave rest: a slot for pratham first, which was left on Release glific-2
Tue 12:31:00 stable: wave canary: slots for asha
Tue 12:31:00 stable: = RollingOut - update of wave canary: 2 of 6 serve Release glific-1; 2 Organisations in flight
Tue 12:31:00 asha: Preflight Release glific-1 is let in
Tue 12:31:00 pratham: Preflight Release glific-1 is let in
Tue 12:31:05 asha: Deploying pods of Release glific-1 are asked for
Tue 12:31:05 pratham: Deploying pods of Release glific-1 are asked for
Tue 12:31:15 asha: Converging pods of Release glific-1 are not ready
Tue 12:31:15 pratham: Converging pods of Release glific-1 are not ready
Tue 12:31:45 asha: Holding Release glific-1 must stay healthy for 5m0s
Tue 12:31:45 pratham: Holding Release glific-1 must stay healthy for 5m0s
Tue 12:36:45 asha: Probing it held; now it is asked as its users ask
Tue 12:36:45 pratham: Probing it held; now it is asked as its users ask
Tue 12:36:50 asha: Finished Release glific-1 is verified
Tue 12:36:50 pratham: Finished Release glific-1 is verified
Tue 12:36:55 stable: pratham: Verified on Release glific-1
Tue 12:36:55 stable: asha: Verified on Release glific-1
Tue 12:36:55 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 14:31:00 stable: wave rest opens
Tue 14:31:00 stable: wave rest: slots for goonj, sneha
Tue 14:31:00 stable: = RollingOut - update of wave rest: 4 of 6 serve Release glific-1; 2 Organisations in flight
Tue 14:31:00 goonj: Preflight Release glific-1 is let in
Tue 14:31:00 sneha: Preflight Release glific-1 is let in
Tue 14:31:05 goonj: Deploying pods of Release glific-1 are asked for
Tue 14:31:05 sneha: Deploying pods of Release glific-1 are asked for
Tue 14:31:15 goonj: Converging pods of Release glific-1 are not ready
Tue 14:31:15 sneha: Converging pods of Release glific-1 are not ready
Tue 14:31:45 goonj: Holding Release glific-1 must stay healthy for 5m0s
Tue 14:31:45 sneha: Holding Release glific-1 must stay healthy for 5m0s
Tue 14:36:45 goonj: Probing it held; now it is asked as its users ask
Tue 14:36:45 sneha: Probing it held; now it is asked as its users ask
Tue 14:36:50 goonj: Finished Release glific-1 is verified
Tue 14:36:50 sneha: Finished Release glific-1 is verified
Tue 14:36:55 stable: goonj: Verified on Release glific-1
Tue 14:36:55 stable: sneha: Verified on Release glific-1
Tue 14:36:55 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-1, wave rest
asha: serves glific-1, Verified glific-1; pods replaced 2 times
bhumi: serves glific-1, Verified glific-1; pods replaced 2 times
goonj: serves glific-1, Verified glific-1; pods replaced 2 times
pratham: serves glific-1, Verified glific-1; pods replaced 2 times
sneha: serves glific-1, Verified glific-1; pods replaced 2 times
udaan: serves glific-1, untouched; pods replaced 0 times
