import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { language } from '@/lib/language';
import { App } from './app';
import './styles.css';

document.documentElement.lang = language;
const root = document.getElementById('root');
if (!root) throw new Error('index.html lacks #root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
