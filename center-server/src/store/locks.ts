/** The advisory locks of the centre, all in one place: two uses of one number would wait for each other. */
export const LOCKS = {
  /** Storing observations. */
  writer: 0x6d6a_0001,
  /** Roll-ups and retention. */
  maintenance: 0x6d6a_0002,
  /** Adding to the audit log. */
  audit: 0x6d6a_0003,
  /** Deciding who is told of alerts: one centre at a time, so that a group is told as one. */
  alerting: 0x6d6a_0010,
} as const;
