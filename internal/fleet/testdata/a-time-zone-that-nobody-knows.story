Tue 10:00:00 stable: the rollout of Release glific-1 begins
Tue 10:00:00 stable: Release glific-1 is verified by 3 Organisations
Tue 10:00:00 stable: = InvalidSpec - ReleaseChannel stable: spec.freeze[nights].timeZone "Asia/Calcuta": not in the IANA database; use a name such as Asia/Kolkata
Tue 10:10:00 *: Git says release: glific-2
Tue 10:10:00 stable: the rollout of Release glific-2 begins
Tue 11:00:00 *: the time zone is corrected
Tue 11:00:00 stable: wave all opens
Tue 11:00:00 stable: wave all: slots for asha
Tue 11:00:00 stable: = RollingOut - update of wave all: 0 of 3 serve Release glific-2; 1 Organisation in flight
Tue 11:00:00 asha: Preflight Release glific-2 is let in
Tue 11:00:05 asha: Deploying pods of Release glific-2 are asked for
Tue 11:00:15 asha: Converging pods of Release glific-2 are not ready
Tue 11:00:45 asha: Holding Release glific-2 must stay healthy for 5m0s
Tue 11:05:45 asha: Probing it held; now it is asked as its users ask
Tue 11:05:50 asha: Finished Release glific-2 is verified
Tue 11:05:55 stable: asha: Verified on Release glific-2
Tue 11:05:55 stable: wave all: slots for pratham
Tue 11:05:55 stable: = RollingOut - update of wave all: 1 of 3 serve Release glific-2; 1 Organisation in flight
Tue 11:05:55 pratham: Preflight Release glific-2 is let in
Tue 11:06:00 pratham: Deploying pods of Release glific-2 are asked for
Tue 11:06:10 pratham: Converging pods of Release glific-2 are not ready
Tue 11:06:40 pratham: Holding Release glific-2 must stay healthy for 5m0s
Tue 11:11:40 pratham: Probing it held; now it is asked as its users ask
Tue 11:11:45 pratham: Finished Release glific-2 is verified
Tue 11:11:50 stable: pratham: Verified on Release glific-2
Tue 11:11:50 stable: wave all: slots for sneha
Tue 11:11:50 stable: = RollingOut - update of wave all: 2 of 3 serve Release glific-2; 1 Organisation in flight
Tue 11:11:50 sneha: Preflight Release glific-2 is let in
Tue 11:11:55 sneha: Deploying pods of Release glific-2 are asked for
Tue 11:12:05 sneha: Converging pods of Release glific-2 are not ready
Tue 11:12:35 sneha: Holding Release glific-2 must stay healthy for 5m0s
Tue 11:17:35 sneha: Probing it held; now it is asked as its users ask
Tue 11:17:40 sneha: Finished Release glific-2 is verified
Tue 11:17:45 stable: sneha: Verified on Release glific-2
Tue 11:17:45 stable: Release glific-2 is verified by 3 Organisations
Tue 11:17:45 stable: = RolledOut - Release glific-2 is verified by everybody whom it reaches, 3 Organisations

stable: RolledOut, verified glific-2, wave all
asha: serves glific-2, Verified glific-2; pods replaced 1 times
pratham: serves glific-2, Verified glific-2; pods replaced 1 times
sneha: serves glific-2, Verified glific-2; pods replaced 1 times
