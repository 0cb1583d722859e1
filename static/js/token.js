// What shows the server that a request comes from this site's own page.

export const tokenHeaders = () => ({
  accept: "application/json",
  "x-csrftoken": document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "",
});
