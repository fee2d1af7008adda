/* Opens the API reference on this centre's own description; a file of its own, for the CSP allows no inline script. */
/* global SwaggerUIBundle */
globalThis.addEventListener('load', () => {
  SwaggerUIBundle({
    url: '/api/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    docExpansion: 'list',
    validatorUrl: null,
  });
});
