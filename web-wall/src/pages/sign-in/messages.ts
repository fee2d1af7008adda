import { messages } from '../../i18n/messages.ts';

export default messages(
  {
    title: '登录',
    username: '用户名',
    password: '密码',
    submit: '登录',
    working: '正在登录…',
    capsLock: '大写锁定已开启',
    show: '显示',
    hide: '隐藏',
    scope: '登录后只能看到本人管辖地区的内容；所有操作都会留痕。',
  },
  {
    title: 'Sign in',
    username: 'User name',
    password: 'Password',
    submit: 'Sign in',
    working: 'Signing in…',
    capsLock: 'Caps Lock is on',
    show: 'Show',
    hide: 'Hide',
    scope: 'You see your own jurisdiction only. Everything done here is recorded.',
  },
);
