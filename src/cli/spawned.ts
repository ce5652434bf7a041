/** Set for a server that is to end with the process that started it: with whoever holds the other end of its channel. */
export const spawnedBy = "CODEPORT_SPAWNED_BY";
