Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 6 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 6 Organisations
Tue 10:01:00 *: Release glific-2 has spec.update.hot
Tue 10:01:00 *: so has Release glific-3
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 10:10:00 stable: wave canary opens
Tue 10:10:00 stable: wave canary: slots for asha
Tue 10:10:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-2; 1 Organisation in flight
Tue 10:10:00 asha: Preflight Release glific-2 is let in
Tue 10:10:05 asha: Deploying pods of Release glific-2 are asked for
Tue 10:10:10 stable: Release glific-2 gets new pods from now on: asha: ErtsChanged, Pod backend-1 refuses
Tue 10:10:15 asha: Converging pods of Release glific-2 are not ready
Tue 10:10:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 10:15:45 asha: Probing it held; now it is asked as its users ask
Tue 10:15:50 asha: Finished Release glific-2 is verified (Rolling)
Tue 10:15:55 stable: asha: Verified on Release glific-2
Tue 10:15:55 stable: wave canary is through and soaks for 2h0m0s
Tue 10:15:55 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 12:15:55 stable: wave rest opens
Tue 12:15:55 stable: wave rest: slots for sneha, goonj
Tue 12:15:55 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:15:55 goonj: Preflight Release glific-2 is let in, with new pods: see status.modeMessage of ReleaseChannel stable
Tue 12:15:55 sneha: Preflight Release glific-2 is let in, with new pods: see status.modeMessage of ReleaseChannel stable
Tue 12:16:00 goonj: Deploying pods of Release glific-2 are asked for
Tue 12:16:00 sneha: Deploying pods of Release glific-2 are asked for
Tue 12:16:10 goonj: Converging pods of Release glific-2 are not ready
Tue 12:16:10 sneha: Converging pods of Release glific-2 are not ready
Tue 12:16:40 goonj: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:16:40 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:21:40 goonj: Probing it held; now it is asked as its users ask
Tue 12:21:40 sneha: Probing it held; now it is asked as its users ask
Tue 12:21:45 goonj: Finished Release glific-2 is verified (Rolling)
Tue 12:21:45 sneha: Finished Release glific-2 is verified (Rolling)
Tue 12:21:50 stable: sneha: Verified on Release glific-2
Tue 12:21:50 stable: goonj: Verified on Release glific-2
Tue 12:21:50 stable: wave rest: slots for pratham, bhumi
Tue 12:21:50 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-2; 2 Organisations in flight
Tue 12:21:50 bhumi: Preflight Release glific-2 is let in, with new pods: see status.modeMessage of ReleaseChannel stable
Tue 12:21:50 pratham: Preflight Release glific-2 is let in, with new pods: see status.modeMessage of ReleaseChannel stable
Tue 12:21:55 bhumi: Deploying pods of Release glific-2 are asked for
Tue 12:21:55 pratham: Deploying pods of Release glific-2 are asked for
Tue 12:22:05 bhumi: Converging pods of Release glific-2 are not ready
Tue 12:22:05 pratham: Converging pods of Release glific-2 are not ready
Tue 12:22:35 bhumi: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:22:35 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:27:35 bhumi: Probing it held; now it is asked as its users ask
Tue 12:27:35 pratham: Probing it held; now it is asked as its users ask
Tue 12:27:40 bhumi: Finished Release glific-2 is verified (Rolling)
Tue 12:27:40 pratham: Finished Release glific-2 is verified (Rolling)
Tue 12:27:45 stable: pratham: Verified on Release glific-2
Tue 12:27:45 stable: bhumi: Verified on Release glific-2
Tue 12:27:45 stable: wave rest: slots for udaan
Tue 12:27:45 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-2; 1 Organisation in flight
Tue 12:27:45 udaan: Preflight Release glific-2 is let in, with new pods: see status.modeMessage of ReleaseChannel stable
Tue 12:27:50 udaan: Deploying pods of Release glific-2 are asked for
Tue 12:28:00 udaan: Converging pods of Release glific-2 are not ready
Tue 12:28:30 udaan: Holding Release glific-2 must stay healthy for 5m0s
Tue 12:33:30 udaan: Probing it held; now it is asked as its users ask
Tue 12:33:35 udaan: Finished Release glific-2 is verified (Rolling)
Tue 12:33:40 stable: udaan: Verified on Release glific-2
Tue 12:33:40 stable: Release glific-2 is verified by 6 Organisations
Tue 12:33:40 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 6 Organisations
Wed 10:00:00 *: Git says release: glific-3
Wed 10:00:00 stable: the rollout of Release glific-3 begins
Wed 10:00:00 stable: wave canary opens
Wed 10:00:00 stable: wave canary: slots for asha
Wed 10:00:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-3; 1 Organisation in flight
Wed 10:00:00 asha: Preflight Release glific-3 is let in
Wed 10:00:05 asha: Deploying pods of Release glific-3 are asked for
Wed 10:00:15 asha: Converging pods of Release glific-3 are not ready
Wed 10:00:45 asha: Holding Release glific-3 must stay healthy for 5m0s
Wed 10:05:45 asha: Probing it held; now it is asked as its users ask
Wed 10:05:50 asha: Finished Release glific-3 is verified (Hot)
Wed 10:05:55 stable: asha: Verified on Release glific-3
Wed 10:05:55 stable: wave canary is through and soaks for 2h0m0s
Wed 10:05:55 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Wed 12:05:55 stable: wave rest opens
Wed 12:05:55 stable: wave rest: slots for bhumi, sneha
Wed 12:05:55 stable: = RollingOut - update of wave rest: 1 of 6 serve Release glific-3; 2 Organisations in flight
Wed 12:05:55 bhumi: Preflight Release glific-3 is let in
Wed 12:05:55 sneha: Preflight Release glific-3 is let in
Wed 12:06:00 bhumi: Deploying pods of Release glific-3 are asked for
Wed 12:06:00 sneha: Deploying pods of Release glific-3 are asked for
Wed 12:06:10 bhumi: Converging pods of Release glific-3 are not ready
Wed 12:06:10 sneha: Converging pods of Release glific-3 are not ready
Wed 12:06:40 bhumi: Holding Release glific-3 must stay healthy for 5m0s
Wed 12:06:40 sneha: Holding Release glific-3 must stay healthy for 5m0s
Wed 12:11:40 bhumi: Probing it held; now it is asked as its users ask
Wed 12:11:40 sneha: Probing it held; now it is asked as its users ask
Wed 12:11:45 bhumi: Finished Release glific-3 is verified (Hot)
Wed 12:11:45 sneha: Finished Release glific-3 is verified (Hot)
Wed 12:11:50 stable: bhumi: Verified on Release glific-3
Wed 12:11:50 stable: sneha: Verified on Release glific-3
Wed 12:11:50 stable: wave rest: slots for udaan, goonj
Wed 12:11:50 stable: = RollingOut - update of wave rest: 3 of 6 serve Release glific-3; 2 Organisations in flight
Wed 12:11:50 goonj: Preflight Release glific-3 is let in
Wed 12:11:50 udaan: Preflight Release glific-3 is let in
Wed 12:11:55 goonj: Deploying pods of Release glific-3 are asked for
Wed 12:11:55 udaan: Deploying pods of Release glific-3 are asked for
Wed 12:12:05 goonj: Converging pods of Release glific-3 are not ready
Wed 12:12:05 udaan: Converging pods of Release glific-3 are not ready
Wed 12:12:35 goonj: Holding Release glific-3 must stay healthy for 5m0s
Wed 12:12:35 udaan: Holding Release glific-3 must stay healthy for 5m0s
Wed 12:17:35 goonj: Probing it held; now it is asked as its users ask
Wed 12:17:35 udaan: Probing it held; now it is asked as its users ask
Wed 12:17:40 goonj: Finished Release glific-3 is verified (Hot)
Wed 12:17:40 udaan: Finished Release glific-3 is verified (Hot)
Wed 12:17:45 stable: udaan: Verified on Release glific-3
Wed 12:17:45 stable: goonj: Verified on Release glific-3
Wed 12:17:45 stable: wave rest: slots for pratham
Wed 12:17:45 stable: = RollingOut - update of wave rest: 5 of 6 serve Release glific-3; 1 Organisation in flight
Wed 12:17:45 pratham: Preflight Release glific-3 is let in
Wed 12:17:50 pratham: Deploying pods of Release glific-3 are asked for
Wed 12:18:00 pratham: Converging pods of Release glific-3 are not ready
Wed 12:18:30 pratham: Holding Release glific-3 must stay healthy for 5m0s
Wed 12:23:30 pratham: Probing it held; now it is asked as its users ask
Wed 12:23:35 pratham: Finished Release glific-3 is verified (Hot)
Wed 12:23:40 stable: pratham: Verified on Release glific-3
Wed 12:23:40 stable: Release glific-3 is verified by 6 Organisations
Wed 12:23:40 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 6 Organisations

stable: RolledOut, verified glific-3, wave rest
asha: serves glific-3, Verified glific-3; pods replaced 2 times
bhumi: serves glific-3, Verified glific-3; pods replaced 2 times
goonj: serves glific-3, Verified glific-3; pods replaced 2 times
pratham: serves glific-3, Verified glific-3; pods replaced 2 times
sneha: serves glific-3, Verified glific-3; pods replaced 2 times
udaan: serves glific-3, Verified glific-3; pods replaced 2 times
