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
Tue 10:13:00 *: the clock jumps by 8760h0m0s
Wed 10:14:00 *: the clock is set right
Tue 10:15:30 asha: Probing it held; now it is asked as its users ask
Tue 10:15:35 asha: Finished Release glific-2 is verified
Tue 10:15:40 stable: asha: Verified on Release glific-2
Tue 10:15:40 stable: wave canary is through and soaks for 2h0m0s
Tue 10:15:40 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 12:15:40 stable: wave rest opens
Tue 12:15:40 stable: wave rest: slots for sneha, goonj
Tue 12:15:40 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:15:40 goonj: Preflight Release glific-2 is let in
Tue 12:15:40 sneha: Preflight Release glific-2 is let in
Tue 12:15:45 goonj: Deploying pods of Release glific-2 are asked for
Tue 12:15:45 sneha: Deploying pods of Release glific-2 are asked for
Tue 12:15:55 goonj: Converging pods of Release glific-2 are not ready
Tue 12:15:55 sneha: Converging pods of Release glific-2 are not ready
Tue 12:16:25 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:16:25 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:21:25 goonj: Probing it held; now it is asked as its users ask
Tue 12:21:25 sneha: Probing it held; now it is asked as its users ask
Tue 12:21:30 goonj: Finished Release glific-2 is verified
Tue 12:21:30 sneha: Finished Release glific-2 is verified
Tue 12:21:35 stable: sneha: Verified on Release glific-2
Tue 12:21:35 stable: goonj: Verified on Release glific-2
Tue 12:21:35 stable: wave rest: slots for pratham, bhumi
Tue 12:21:35 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:21:35 bhumi: Preflight Release glific-2 is let in
Tue 12:21:35 pratham: Preflight Release glific-2 is let in
Tue 12:21:40 bhumi: Deploying pods of Release glific-2 are asked for
Tue 12:21:40 pratham: Deploying pods of Release glific-2 are asked for
Tue 12:21:50 bhumi: Converging pods of Release glific-2 are not ready
Tue 12:21:50 pratham: Converging pods of Release glific-2 are not ready
Tue 12:22:20 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:22:20 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:27:20 bhumi: Probing it held; now it is asked as its users ask
Tue 12:27:20 pratham: Probing it held; now it is asked as its users ask
Tue 12:27:25 bhumi: Finished Release glific-2 is verified
Tue 12:27:25 pratham: Finished Release glific-2 is verified
Tue 12:27:30 stable: pratham: Verified on Release glific-2
Tue 12:27:30 stable: bhumi: Verified on Release glific-2
Tue 12:27:30 stable: wave rest: slots for udaan
Tue 12:27:30 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-2; 1 Organisation in flight
Tue 12:27:30 udaan: Preflight Release glific-2 is let in
Tue 12:27:35 udaan: Deploying pods of Release glific-2 are asked for
Tue 12:27:45 udaan: Converging pods of Release glific-2 are not ready
Tue 12:28:15 udaan: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:33:15 udaan: Probing it held; now it is asked as its users ask
Tue 12:33:20 udaan: Finished Release glific-2 is verified
Tue 12:33:25 stable: udaan: Verified on Release glific-2
Tue 12:33:25 stable: Release glific-2 is verified by 6 Organisations
Tue 12:33:25 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-2, wave rest
asha: serves glific-2, Verified glific-2; pods replaced 1 times
bhumi: serves glific-2, Verified glific-2; pods replaced 1 times
goonj: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
udaan: serves glific-2, Verified glific-2; pods replaced 1 times
