import { sourceRule } from '../rule.ts';

const GIB = 1024 ** 3;

const WORDS = {
  low: {
    title: { zh: '录像存储空间不足', en: 'the disk for recordings is nearly full' },
    reason: {
      zh: '最早的录像正在被提前删除，取证片段不受影响',
      en: 'the oldest recordings are deleted before their time; evidence is kept',
    },
  },
  full: {
    title: { zh: '录像已暂停：存储空间已满', en: 'recording is paused: the disk is full' },
    reason: {
      zh: '没有可删除的录像，现在不再录像',
      en: 'nothing may be deleted, and nothing is recorded now',
    },
  },
};

/** 录像存储不足: a media host has too little room for what it is to record. */
export const storageFull = sourceRule({
  id: 'storage-full',
  version: 1,
  name: { zh: '录像存储不足', en: 'Disk for recordings full' },
  basis: {
    zh: '音视频记录应当完整，并保存至规定期限。',
    en: 'Recordings must be complete and kept for as long as is laid down.',
  },
  looksAt: {
    zh: '媒体主机报告的录像磁盘状态；空间不足或已满即告警，恢复后自动撤销。',
    en: 'What a media host says of the disk of its recordings; too little room or none is told, and taken back once there is room again.',
  },
  cannotTell: {
    zh: '没有录像的数据源不判断。',
    en: 'Of a source that records nothing there is nothing to tell.',
  },
  parameters: {},
  evaluate: ({ source }) => {
    const { storage, disabled } = source;
    const values = { disabled, state: storage?.state ?? null, freeBytes: storage?.freeBytes ?? null };
    if (disabled || !storage || storage.state === 'ok') return { outcome: 'pass', values };
    const { title, reason } = WORDS[storage.state];
    const room = (storage.freeBytes / GIB).toFixed(1);
    return {
      outcome: 'fail',
      values,
      findings: [
        {
          kind: 'risk',
          key: storage.state,
          at: storage.since,
          describe: () => ({
            title: { zh: `${source.name}：${title.zh}`, en: `${source.name}: ${title.en}` },
            reason: {
              zh: `${reason.zh}（剩余 ${room} GiB）。`,
              en: `${reason.en.charAt(0).toUpperCase()}${reason.en.slice(1)} (${room} GiB left).`,
            },
          }),
        },
      ],
    };
  },
});
