import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { keepAssets } from "./app/service-worker.ts";
import { applyTheme } from "./app/theme.ts";
import "./styles.css";

applyTheme();
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element #root.");
createRoot(root).render(<App />);
keepAssets();
