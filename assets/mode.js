// In the head of every page, before the first paint: until somebody chooses, the colour mode is the machine's.
if (!/(^|; )theme=/.test(document.cookie) && matchMedia('(prefers-color-scheme: dark)').matches) document.documentElement.setAttribute('data-bs-theme', 'dark');
