/** The server's ports. The entrypoint derives internal URLs from them, so they are not for anyone to choose. */
export const API_PORT = 8102;
export const DASHBOARD_PORT = 8101;
