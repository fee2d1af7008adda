import type { Role } from '@mingjing/contracts';
import { createRouter, createWebHistory } from 'vue-router';
import type { Router, RouteRecordRaw } from 'vue-router';
import { WATCHERS, watches } from './app/watchers.ts';
import { usePreferences } from './stores/preferences.ts';
import type { Theme } from './stores/preferences.ts';
import { useSession } from './stores/session.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Can be seen without signing in; shown without the shell. */
    open?: boolean;
    /** Who may come here; everyone who is signed in, where it is left out. */
    roles?: readonly Role[];
    /** The page's entry in the main navigation: a key of the `nav` messages. Entries stand in the order of the routes. */
    nav?: 'wall' | 'walls' | 'playback' | 'alerts' | 'cases' | 'rulebook' | 'administration';
    theme?: Theme;
    /** Shown without the shell, to whoever is signed in or has the wall's token. */
    bare?: boolean;
  }
}

/** A page is one folder below pages/ and one line here. */
const routes: RouteRecordRaw[] = [
  { path: '/', redirect: { name: 'wall' } },
  {
    path: '/sign-in',
    name: 'sign-in',
    component: () => import('./pages/sign-in/SignInPage.vue'),
    meta: { open: true },
  },
  {
    path: '/wall',
    name: 'wall',
    component: () => import('./pages/wall/WallPage.vue'),
    meta: { nav: 'wall', roles: WATCHERS, theme: 'dark' },
  },
  {
    path: '/walls',
    name: 'walls',
    component: () => import('./pages/walls/WallsPage.vue'),
    meta: { nav: 'walls', roles: WATCHERS, theme: 'dark' },
  },
  {
    path: '/walls/:id',
    name: 'wall-window',
    component: () => import('./pages/walls/WallWindowPage.vue'),
    meta: { bare: true, roles: WATCHERS, theme: 'dark' },
  },
  {
    path: '/layouts',
    name: 'layouts',
    component: () => import('./pages/layouts/LayoutsPage.vue'),
    meta: { roles: WATCHERS },
  },
  {
    path: '/playback',
    name: 'playback',
    component: () => import('./pages/playback/PlaybackPage.vue'),
    meta: { nav: 'playback', roles: WATCHERS, theme: 'dark' },
  },
  {
    path: '/alerts',
    name: 'alerts',
    component: () => import('./pages/alerts/AlertsPage.vue'),
    meta: { nav: 'alerts', roles: WATCHERS },
  },
  {
    path: '/cases',
    name: 'cases',
    component: () => import('./pages/cases/CasesPage.vue'),
    meta: { nav: 'cases' },
  },
  {
    path: '/ratings',
    name: 'ratings',
    component: () => import('./pages/ratings/RatingsPage.vue'),
    meta: { roles: WATCHERS },
  },
  { path: '/cases/:caseId', name: 'case', component: () => import('./pages/case/CasePage.vue') },
  {
    path: '/rulebook',
    name: 'rulebook',
    component: () => import('./pages/rulebook/RulebookPage.vue'),
    meta: { nav: 'rulebook', roles: WATCHERS },
  },
  {
    path: '/administration',
    name: 'administration',
    component: () => import('./pages/administration/AdministrationPage.vue'),
    meta: { nav: 'administration', roles: ['administrator'] },
  },
  { path: '/:rest(.*)*', name: 'not-found', component: () => import('./pages/not-found/NotFoundPage.vue') },
];

/** Whether a role may see a page. */
export function mayVisit(roles: readonly Role[] | undefined, role: Role): boolean {
  return roles === undefined || roles.includes(role);
}

/** The page that a role begins with. */
function homeOf(role: Role): 'wall' | 'cases' {
  return watches(role) ? 'wall' : 'cases';
}

export function createPages(): Router {
  const router = createRouter({ history: createWebHistory(), routes });
  router.beforeEach(async (to, from) => {
    // The page of a wall's window signs in by itself, and stays when the centre is away.
    if (to.meta.open === true || to.meta.bare === true) return true;
    const session = useSession();
    await session.restore();
    const own = session.session?.wall;
    if (own !== undefined) return { name: 'wall-window', params: { id: own } };
    if (!session.user) return { name: 'sign-in', query: { to: to.fullPath } };
    if (!mayVisit(to.meta.roles, session.user.role)) return { name: homeOf(session.user.role) };
    // The region being looked at goes along from page to page.
    if (to.query['region'] === undefined && from.query['region'] !== undefined) {
      return { ...to, query: { ...to.query, region: from.query['region'] } };
    }
    return true;
  });
  router.afterEach((to) => {
    usePreferences().pageTheme = to.meta.theme ?? (to.meta.open === true ? 'dark' : 'light');
  });
  return router;
}
