// The container of a Pod that trains; others beside it are the user's.
export const TRAINER_CONTAINER = 'trainer';
