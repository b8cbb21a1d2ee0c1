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
Tue 10:15:50 asha: Probing 1 of 3 looks in a row: the websocket refused Origin https://asha.org
Tue 10:16:00 asha: RollingBack Release glific-2 became ready and did not stay healthy: the websocket refused Origin https://asha.org; Release glific-1 is brought back
Tue 10:17:00 *: Git says release: glific-3
Tue 10:17:00 stable: Release glific-2 is superseded by glific-3
Tue 10:17:00 stable: wave canary opens
Tue 10:17:00 stable: = RollingOut - update of wave canary: 0 of 6 serve Release glific-3; 1 Organisation in flight
Tue 10:18:10 asha: Finished Release glific-1 serves again; Release glific-2 was Unhealthy: Release glific-2 became ready and did not stay healthy: the websocket refused Origin https://asha.org; Release glific-1 is brought back
Tue 10:18:15 stable: asha: RolledBack on Release glific-2
Tue 10:18:15 stable: wave canary: slots for asha
Tue 10:18:15 asha: Preflight Release glific-3 is let in
Tue 10:18:20 asha: Deploying pods of Release glific-3 are asked for
Tue 10:18:30 asha: Converging pods of Release glific-3 are not ready
Tue 10:19:00 asha: Holding Release glific-3 must stay healthy for 5m0s
Tue 10:24:00 asha: Probing it held; now it is asked as its users ask
Tue 10:24:05 asha: Finished Release glific-3 is verified
Tue 10:24:10 stable: asha: Verified on Release glific-3
Tue 10:24:10 stable: wave canary is through and soaks for 2h0m0s
Tue 10:24:10 stable: = Soaking - wave rest opens after wave canary has served for 2h0m0s
Tue 12:24:10 stable: = WaitingForApproval - wave rest opens when somebody approves it: kubectl annotate releasechannel stable --overwrite tenancy.glific.org/approve=rest@glific-3

stable: WaitingForApproval, verified glific-1, wave canary
asha: serves glific-3, Verified glific-3; pods replaced 3 times
bhumi: serves glific-1, untouched; pods replaced 0 times
goonj: serves glific-1, untouched; pods replaced 0 times
pratham: serves glific-1, untouched; pods replaced 0 times
sneha: serves glific-1, untouched; pods replaced 0 times
udaan: serves glific-1, untouched; pods replaced 0 times
