/** A user as contracts' `User`; never the password's hash. */
export const USER_COLUMNS = 'id, username, name, role, region, disabled_at IS NOT NULL AS disabled';
