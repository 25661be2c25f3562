// Where people look for a dashboard.
export const USUAL_PORT = 8080;
