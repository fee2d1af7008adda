/** The Debian packages that tests need beside those of the centre: a real RTSP server, a TURN server, a clock that can be set, and ffprobe. */
export const TEST_PACKAGES = [
  ...[
    'ffmpeg',
    'chromium',
    'coturn',
    'openssl',
    'libfaketime',
    'fontconfig',
    'fonts-noto-cjk',
    'python3-gi',
    'gir1.2-gst-rtsp-server-1.0',
  ],
  ...[
    'gstreamer1.0-plugins-base',
    'gstreamer1.0-plugins-good',
    'gstreamer1.0-plugins-bad',
    'gstreamer1.0-plugins-ugly',
  ],
];
