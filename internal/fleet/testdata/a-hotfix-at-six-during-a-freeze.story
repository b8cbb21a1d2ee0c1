Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 6 Organisations
Tue 10:00:00 stable: = RolledOut - Release glific-1 is verified by everybody whom it reaches, 6 Organisations; it does not reach 2 Organisations: see status.unreached
Tue 18:00:00 *: Git says release: glific-2
Tue 18:00:00 stable: the rollout of Release glific-2 begins
Tue 18:00:00 stable: = Frozen - freeze window nights of ReleaseChannel stable is open until 2026-11-25T08:00:00Z; a hotfix needs spec.expedite
Tue 18:01:00 *: Git says release: glific-3 and expedite
Tue 18:01:00 stable: Release glific-2 is superseded by glific-3
Tue 18:01:00 stable: wave canary opens
Tue 18:01:00 stable: wave canary: slots for asha
Tue 18:01:00 stable: = RollingOut - hurried (messages are lost) update of wave canary: 0 of 6 serve Release glific-3; 1 Organisation in flight; it does not reach 2 Organisations: see status.unreached
Tue 18:01:00 asha: Preflight Release glific-3 is let in
Tue 18:01:05 asha: Deploying pods of Release glific-3 are asked for
Tue 18:01:15 asha: Converging pods of Release glific-3 are not ready
Tue 18:01:45 asha: Holding Release glific-3 must stay healthy for 5m0s
Tue 18:06:45 asha: Probing it held; now it is asked as its users ask
Tue 18:06:50 asha: Finished Release glific-3 is verified
Tue 18:06:55 stable: asha: Verified on Release glific-3
Tue 18:06:55 stable: wave canary is through and soaks for 2h0m0s
Tue 18:06:55 stable: wave rest opens
Tue 18:06:55 stable: wave rest: slots for bhumi, sneha
Tue 18:06:55 stable: = RollingOut - hurried (messages are lost) update of wave rest: 1 of 6 serve Release glific-3; 2 Organisations in flight; it does not reach 2 Organisations: see status.unreached
Tue 18:06:55 bhumi: Preflight Release glific-3 is let in
Tue 18:06:55 sneha: Preflight Release glific-3 is let in
Tue 18:07:00 bhumi: Deploying pods of Release glific-3 are asked for
Tue 18:07:00 sneha: Deploying pods of Release glific-3 are asked for
Tue 18:07:10 bhumi: Converging pods of Release glific-3 are not ready
Tue 18:07:10 sneha: Converging pods of Release glific-3 are not ready
Tue 18:07:40 bhumi: Holding Release glific-3 must stay healthy for 5m0s
Tue 18:07:40 sneha: Holding Release glific-3 must stay healthy for 5m0s
Tue 18:12:40 bhumi: Probing it held; now it is asked as its users ask
Tue 18:12:40 sneha: Probing it held; now it is asked as its users ask
Tue 18:12:45 bhumi: Finished Release glific-3 is verified
Tue 18:12:45 sneha: Finished Release glific-3 is verified
Tue 18:12:50 stable: bhumi: Verified on Release glific-3
Tue 18:12:50 stable: sneha: Verified on Release glific-3
Tue 18:12:50 stable: wave rest: slots for udaan, goonj
Tue 18:12:50 stable: = RollingOut - hurried (messages are lost) update of wave rest: 3 of 6 serve Release glific-3; 2 Organisations in flight; it does not reach 2 Organisations: see status.unreached
Tue 18:12:50 goonj: Preflight Release glific-3 is let in
Tue 18:12:50 udaan: Preflight Release glific-3 is let in
Tue 18:12:55 goonj: Deploying pods of Release glific-3 are asked for
Tue 18:12:55 udaan: Deploying pods of Release glific-3 are asked for
Tue 18:13:05 goonj: Converging pods of Release glific-3 are not ready
Tue 18:13:05 udaan: Converging pods of Release glific-3 are not ready
Tue 18:13:35 goonj: Holding Release glific-3 must stay healthy for 5m0s
Tue 18:13:35 udaan: Holding Release glific-3 must stay healthy for 5m0s
Tue 18:18:35 goonj: Probing it held; now it is asked as its users ask
Tue 18:18:35 udaan: Probing it held; now it is asked as its users ask
Tue 18:18:40 goonj: Finished Release glific-3 is verified
Tue 18:18:40 udaan: Finished Release glific-3 is verified
Tue 18:18:45 stable: udaan: Verified on Release glific-3
Tue 18:18:45 stable: goonj: Verified on Release glific-3
Tue 18:18:45 stable: wave rest: slots for pratham
Tue 18:18:45 stable: = RollingOut - hurried (messages are lost) update of wave rest: 5 of 6 serve Release glific-3; 1 Organisation in flight; it does not reach 2 Organisations: see status.unreached
Tue 18:18:45 pratham: Preflight Release glific-3 is let in
Tue 18:18:50 pratham: Deploying pods of Release glific-3 are asked for
Tue 18:19:00 pratham: Converging pods of Release glific-3 are not ready
Tue 18:19:30 pratham: Holding Release glific-3 must stay healthy for 5m0s
Tue 18:24:30 pratham: Probing it held; now it is asked as its users ask
Tue 18:24:35 pratham: Finished Release glific-3 is verified
Tue 18:24:40 stable: pratham: Verified on Release glific-3
Tue 18:24:40 stable: Release glific-3 is verified by 6 Organisations
Tue 18:24:40 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 6 Organisations; it does not reach 2 Organisations: see status.unreached
Sat 10:00:00 stable: what changed since Release glific-3 was verified travels from the first wave on
Sat 10:00:00 stable: wave canary opens
Sat 10:00:00 stable: wave rest opens
Sat 10:00:00 stable: wave rest: slots for skipping
Sat 10:00:00 stable: = RollingOut - update of wave rest: 6 of 7 serve Release glific-3; 1 Organisation in flight; it does not reach 1 Organisation: see status.unreached
Sat 10:00:00 skipping: Preflight Release glific-3 is let in
Sat 10:00:05 skipping: Deploying pods of Release glific-3 are asked for
Sat 10:00:15 skipping: Converging pods of Release glific-3 are not ready
Sat 10:00:45 skipping: Holding Release glific-3 must stay healthy for 5m0s
Sat 10:05:45 skipping: Probing it held; now it is asked as its users ask
Sat 10:05:50 skipping: Finished Release glific-3 is verified
Sat 10:05:55 stable: skipping: Verified on Release glific-3
Sat 10:05:55 stable: = RolledOut - Release glific-3 is verified by everybody whom it reaches, 7 Organisations; it does not reach 1 Organisation: see status.unreached

stable: RolledOut, verified glific-3, wave rest
asha: serves glific-3, Verified glific-3; pods replaced 1 times
bhumi: serves glific-3, Verified glific-3; pods replaced 1 times
goonj: serves glific-3, Verified glific-3; pods replaced 1 times
pratham: serves glific-3, Verified glific-3; pods replaced 1 times
sneha: serves glific-3, Verified glific-3; pods replaced 1 times
udaan: serves glific-3, Verified glific-3; pods replaced 1 times
pinned: serves glific-1, untouched; pods replaced 0 times
skipping: serves glific-3, Verified glific-3; pods replaced 1 times
