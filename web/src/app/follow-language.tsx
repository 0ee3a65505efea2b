import { useLingui } from '@lingui/react';
import { cloneElement, isValidElement, type ComponentType, type ReactElement } from 'react';
import type { RouteObject } from 'react-router';

/**
 * Routes whose pages are rendered again in a new language. React Router keeps the elements of its routes, and React does
 * not render an element again that is the same one. Nothing is unmounted, so what is typed stays.
 */
export const followLanguage = (routes: RouteObject[]): RouteObject[] => routes.map(followed);

function followed(route: RouteObject): RouteObject {
  const { element, errorElement, lazy, children } = route;
  return {
    ...route,
    ...(isValidElement(element) && { element: <Following element={element} /> }),
    ...(isValidElement(errorElement) && { errorElement: <Following element={errorElement} /> }),
    ...(typeof lazy === 'function' && {
      lazy: async () => {
        const loaded = await lazy();
        return loaded.Component ? { ...loaded, Component: followingComponent(loaded.Component) } : loaded;
      },
    }),
    ...(children && { children: followLanguage(children) }),
  } as RouteObject;
}

function Following({ element }: { element: ReactElement }) {
  useLingui();
  return cloneElement(element);
}

function followingComponent(Page: ComponentType): ComponentType {
  return function FollowingPage() {
    useLingui();
    return <Page />;
  };
}
