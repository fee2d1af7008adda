/** What ffmpeg says, and what people are told instead. The first that fits. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /Cannot find ffmpeg|ENOENT.*(ffmpeg|ffprobe)|(ffmpeg|ffprobe).*ENOENT/,
    '未安装 ffmpeg (ffmpeg was not found)',
  ],
  [/等待推流/, '等待推流 (waiting for the camera to push its picture)'],
  [/not permitted/, '视频源不在允许范围内 (the source is not permitted)'],
  [/\b401\b|Unauthorized|authorization/i, '摄像机拒绝登录 (401 unauthorised)'],
  [/\b404\b|Stream Not Found/i, '摄像机上没有该视频流 (404 not found)'],
  [/403 Forbidden/i, '摄像机拒绝访问 (403 forbidden)'],
  [/Connection refused/i, '摄像机拒绝连接 (connection refused)'],
  [/No route to host|Network is unreachable|Host is down/i, '摄像机不可达 (no route to host)'],
  [/Name or service not known|Failed to resolve/i, '摄像机域名无法解析 (name not known)'],
  [/timed? ?out|ETIMEDOUT/i, '连接摄像机超时 (timed out)'],
  [/No such file or directory/i, '视频文件不存在 (no such file)'],
  [/Permission denied/i, '视频文件不可读 (permission denied)'],
  [/Is a directory/i, '视频路径是文件夹 (is a directory)'],
  [
    /Invalid data found|not on whitelist|moov atom not found|could not find codec/i,
    '视频数据无法识别 (invalid data)',
  ],
  [/matches no streams|no video stream/i, '没有视频轨道 (no video stream)'],
  [/killed with signal/i, '视频进程被终止 (ffmpeg was killed)'],
];

/**
 * Why a source failed, in one line for the wall. Never holds the camera's address, user or
 * password, nor a path: viewers may read it.
 * @param message what ffmpeg, ffprobe or the system said
 */
export function reasonOf(message: string): string {
  const known = KNOWN.find(([pattern]) => pattern.test(message));
  if (known) return known[1];
  return `视频中断 (${redact(message).split('\n').at(-1)?.trim().slice(0, 160) || 'ended'})`;
}

/** Takes addresses and paths out of a message, for viewers and for the log. */
export function redact(message: string): string {
  return message.replaceAll(/[a-z]+:\/\/\S+/gi, '…').replaceAll(/(?<![\w.])\/[^\s:']+/g, '…');
}
