"use strict";

// Runs after htmx.js and before htmx begins: it may neither write a style element into the page nor run text as code.
Object.assign(htmx.config, { includeIndicatorStyles: false, allowEval: false });
