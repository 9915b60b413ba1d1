import '@fontsource-variable/inter/index.css';
import '@fontsource/jetbrains-mono/400.css';
import '@fontsource/jetbrains-mono/500.css';
import './tokens.css';
import './base.css';
import { mount } from 'svelte';
import App from './app.svelte';
import { HostTransport, takeToken, WebSocketTransport, type Transport } from './state/index';

function transport(): Transport {
  if (window.evenkeelHost !== undefined) return new HostTransport(window.evenkeelHost);
  const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws';
  return new WebSocketTransport(`${scheme}://${window.location.host}/ws`, takeToken(window));
}

const target = document.getElementById('app');
if (target !== null) mount(App, { target, props: { transport: transport() } });
