// What pages can do beyond reading: colours by choice, search, copying. It runs before the page is drawn, so that colours do not jump.
import { addCopyButtons } from './copy-buttons.ts';
import { followPlaces } from './places.ts';
import { makeScrollersReachable } from './scrollers.ts';
import { createSearchBox } from './search-box.ts';
import { applyTheme, createThemeSwitch } from './theme.ts';

const script = document.currentScript;
const here = script instanceof HTMLScriptElement ? script.src : location.href;
const root = new URL('.', here);

applyTheme();
addEventListener('DOMContentLoaded', () => {
  document.querySelector('.tools')?.append(createSearchBox(root), createThemeSwitch());
  addCopyButtons();
  makeScrollersReachable();
  followPlaces();
  document.querySelector('.pages [aria-current]')?.scrollIntoView({ block: 'nearest' });
});
