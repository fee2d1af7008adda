import '@fontsource-variable/noto-sans-sc';
import './styles/tokens.css';
import './styles/base.css';
import './styles/element.ts';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { reloadWhenReplaced } from './app/reloadWhenReplaced.ts';
import { i18n } from './i18n/index.ts';
import { createPages } from './router.ts';

reloadWhenReplaced();
createApp(App).use(createPinia()).use(i18n).use(createPages()).mount('#app');
