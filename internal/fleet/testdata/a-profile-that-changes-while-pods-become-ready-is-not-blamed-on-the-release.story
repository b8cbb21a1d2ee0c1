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
Tue 10:10:25 *: the profile changes
Tue 10:10:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:45 asha: Probing it held; now it is asked as its users ask
Tue 10:15:50 asha: Finished Release glific-2 is verified
Tue 10:15:55 stable: asha: Verified on Release glific-2
Tue 10:15:55 stable: wave canary: slots for asha
Tue 10:15:55 asha: Preflight Release glific-2 is let in
Tue 10:16:00 asha: Deploying pods of Release glific-2 are asked for
Tue 10:16:10 asha: Converging pods of Release glific-2 are not ready
Tue 10:16:40 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:21:40 asha: Probing it held; now it is asked as its users ask
Tue 10:21:45 asha: Finished Release glific-2 is verified
Tue 10:21:50 stable: asha: Verified on Release glific-2
Tue 10:21:50 stable: wave canary is through and soaks for 2h0m0s
Tue 10:21:50 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 12:21:50 stable: wave rest opens
Tue 12:21:50 stable: wave rest: slots for sneha, goonj
Tue 12:21:50 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:21:50 goonj: Preflight Release glific-2 is let in
Tue 12:21:50 sneha: Preflight Release glific-2 is let in
Tue 12:21:55 goonj: Deploying pods of Release glific-2 are asked for
Tue 12:21:55 sneha: Deploying pods of Release glific-2 are asked for
Tue 12:22:05 goonj: Converging pods of Release glific-2 are not ready
Tue 12:22:05 sneha: Converging pods of Release glific-2 are not ready
Tue 12:22:35 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:22:35 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:27:35 goonj: Probing it held; now it is asked as its users ask
Tue 12:27:35 sneha: Probing it held; now it is asked as its users ask
Tue 12:27:40 goonj: Finished Release glific-2 is verified
Tue 12:27:40 sneha: Finished Release glific-2 is verified
Tue 12:27:45 stable: sneha: Verified on Release glific-2
Tue 12:27:45 stable: goonj: Verified on Release glific-2
Tue 12:27:45 stable: wave rest: slots for pratham, bhumi
Tue 12:27:45 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:27:45 bhumi: Preflight Release glific-2 is let in
Tue 12:27:45 pratham: Preflight Release glific-2 is let in
Tue 12:27:50 bhumi: Deploying pods of Release glific-2 are asked for
Tue 12:27:50 pratham: Deploying pods of Release glific-2 are asked for
Tue 12:28:00 bhumi: Converging pods of Release glific-2 are not ready
Tue 12:28:00 pratham: Converging pods of Release glific-2 are not ready
Tue 12:28:30 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:28:30 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:33:30 bhumi: Probing it held; now it is asked as its users ask
Tue 12:33:30 pratham: Probing it held; now it is asked as its users ask
Tue 12:33:35 bhumi: Finished Release glific-2 is verified
Tue 12:33:35 pratham: Finished Release glific-2 is verified
Tue 12:33:40 stable: pratham: Verified on Release glific-2
Tue 12:33:40 stable: bhumi: Verified on Release glific-2
Tue 12:33:40 stable: wave rest: slots for udaan
Tue 12:33:40 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-2; 1 Organisation in flight
Tue 12:33:40 udaan: Preflight Release glific-2 is let in
Tue 12:33:45 udaan: Deploying pods of Release glific-2 are asked for
Tue 12:33:55 udaan: Converging pods of Release glific-2 are not ready
Tue 12:34:25 udaan: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:39:25 udaan: Probing it held; now it is asked as its users ask
Tue 12:39:30 udaan: Finished Release glific-2 is verified
Tue 12:39:35 stable: udaan: Verified on Release glific-2
Tue 12:39:35 stable: Release glific-2 is verified by 6 Organisations
Tue 12:39:35 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-2, wave rest
asha: serves glific-2, Verified glific-2; pods replaced 2 times
bhumi: serves glific-2, Verified glific-2; pods replaced 1 times
goonj: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
udaan: serves glific-2, Verified glific-2; pods replaced 1 times
