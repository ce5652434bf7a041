// Swagger UI over this server's own document: nothing is asked of anybody else.
const page = document.querySelector("#page");
const { document: address, procedures } = page.dataset;

page.replaceChildren();
const note = document.createElement("p");
note.className = "note";
const link = document.createElement("a");
link.href = procedures;
link.textContent = "The same procedures over tRPC";
note.append(link);
const explorer = document.createElement("div");
page.append(note, explorer);

window.SwaggerUIBundle({
  url: address,
  domNode: explorer,
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  tagsSorter: "alpha",
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  queryConfigEnabled: false,
});
