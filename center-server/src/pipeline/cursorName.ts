/** The reader of the inbox that feeds the rules; its row is the lock of the pipeline. */
export const CURSOR = 'rules';
