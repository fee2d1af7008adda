/** The database tells on this channel which session ended, when the deletion commits. */
export const SESSION_ENDED_CHANNEL = 'session_ended';
