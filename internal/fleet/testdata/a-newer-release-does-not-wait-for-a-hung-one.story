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
Tue 10:12:00 *: Git says release: glific-3
Tue 10:12:00 stable: Release glific-2 is superseded by glific-3
Tue 10:12:00 stable: wave canary opens
Tue 10:12:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-3; 1 Organisation in flight
Tue 10:12:00 asha: Finished Release glific-3 is wanted now
Tue 10:12:05 stable: asha: Superseded on Release glific-2
Tue 10:12:05 stable: wave canary: a slot for asha first, which was left on Release glific-2
Tue 10:12:05 asha: Preflight Release glific-3 is let in
Tue 10:12:10 asha: Deploying pods of Release glific-3 are asked for
Tue 10:12:20 asha: Converging pods of Release glific-3 are not ready
Tue 10:12:50 asha: Holding Release glific-3 must stay healthy for 5m0s
Tue 10:17:50 asha: Probing it held; now it is asked as its users ask
Tue 10:17:55 asha: Finished Release glific-3 is verified
Tue 10:18:00 stable: asha: Verified on Release glific-3
Tue 10:18:00 stable: wave canary is through and soaks for 2h0m0s
Tue 10:18:00 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 12:18:00 stable: wave rest opens
Tue 12:18:00 stable: wave rest: slots for bhumi, sneha
Tue 12:18:00 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-3; 2 Organisations in flight
Tue 12:18:00 bhumi: Preflight Release glific-3 is let in
Tue 12:18:00 sneha: Preflight Release glific-3 is let in
Tue 12:18:05 bhumi: Deploying pods of Release glific-3 are asked for
Tue 12:18:05 sneha: Deploying pods of Release glific-3 are asked for
Tue 12:18:15 bhumi: Converging pods of Release glific-3 are not ready
Tue 12:18:15 sneha: Converging pods of Release glific-3 are not ready
Tue 12:18:45 bhumi: Holding Release glific-3 must stay healthy for 5m0s
Tue 12:18:45 sneha: Holding Release glific-3 must stay healthy for 5m0s
Tue 12:23:45 bhumi: Probing it held; now it is asked as its users ask
Tue 12:23:45 sneha: Probing it held; now it is asked as its users ask
Tue 12:23:50 bhumi: Finished Release glific-3 is verified
Tue 12:23:50 sneha: Finished Release glific-3 is verified
Tue 12:23:55 stable: bhumi: Verified on Release glific-3
Tue 12:23:55 stable: sneha: Verified on Release glific-3
Tue 12:23:55 stable: wave rest: slots for udaan, goonj
Tue 12:23:55 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-3; 2 Organisations in flight
Tue 12:23:55 goonj: Preflight Release glific-3 is let in
Tue 12:23:55 udaan: Preflight Release glific-3 is let in
Tue 12:24:00 goonj: Deploying pods of Release glific-3 are asked for
Tue 12:24:00 udaan: Deploying pods of Release glific-3 are asked for
Tue 12:24:10 goonj: Converging pods of Release glific-3 are not ready
Tue 12:24:10 udaan: Converging pods of Release glific-3 are not ready
Tue 12:24:40 goonj: Holding Release glific-3 must stay healthy for 5m0s
Tue 12:24:40 udaan: Holding Release glific-3 must stay healthy for 5m0s
Tue 12:29:40 goonj: Probing it held; now it is asked as its users ask
Tue 12:29:40 udaan: Probing it held; now it is asked as its users ask
Tue 12:29:45 goonj: Finished Release glific-3 is verified
Tue 12:29:45 udaan: Finished Release glific-3 is verified
Tue 12:29:50 stable: udaan: Verified on Release glific-3
Tue 12:29:50 stable: goonj: Verified on Release glific-3
Tue 12:29:50 stable: wave rest: slots for pratham
Tue 12:29:50 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-3; 1 Organisation in flight
Tue 12:29:50 pratham: Preflight Release glific-3 is let in
Tue 12:29:55 pratham: Deploying pods of Release glific-3 are asked for
Tue 12:30:05 pratham: Converging pods of Release glific-3 are not ready
Tue 12:30:35 pratham: Holding Release glific-3 must stay healthy for 5m0s
Tue 12:35:35 pratham: Probing it held; now it is asked as its users ask
Tue 12:35:40 pratham: Finished Release glific-3 is verified
Tue 12:35:45 stable: pratham: Verified on Release glific-3
Tue 12:35:45 stable: Release glific-3 is verified by 6 Organisations
Tue 12:35:45 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-3, wave rest
asha: serves glific-3, Verified glific-3; pods replaced 2 times
bhumi: serves glific-3, Verified glific-3; pods replaced 1 times
goonj: serves glific-3, Verified glific-3; pods replaced 1 times
pratham: serves glific-3, Verified glific-3; pods replaced 1 times
sneha: serves glific-3, Verified glific-3; pods replaced 1 times
udaan: serves glific-3, Verified glific-3; pods replaced 1 times
