"""Where the pages' scripts find the packages that they name: the import map in place of a bundler."""

import json

from django.templatetags.static import static

_MODULES = {
    "@xterm/xterm": "vendor/@xterm/xterm/lib/xterm.mjs",
    "@xterm/addon-fit": "vendor/@xterm/addon-fit/lib/addon-fit.mjs",
    "@xterm/addon-web-links": "vendor/@xterm/addon-web-links/lib/addon-web-links.mjs",
    "@xterm/addon-search": "vendor/@xterm/addon-search/lib/addon-search.mjs",
    "@xterm/addon-clipboard": "vendor/@xterm/addon-clipboard/lib/addon-clipboard.mjs",
    # The editor of the file pane, which a page fetches when a file is opened.
    "@codemirror/commands": "vendor/@codemirror/commands/dist/index.js",
    "@codemirror/language": "vendor/@codemirror/language/dist/index.js",
    "@codemirror/legacy-modes/mode/dockerfile": "vendor/@codemirror/legacy-modes/mode/dockerfile.js",
    "@codemirror/legacy-modes/mode/shell": "vendor/@codemirror/legacy-modes/mode/shell.js",
    "@codemirror/legacy-modes/mode/yaml": "vendor/@codemirror/legacy-modes/mode/yaml.js",
    "@codemirror/state": "vendor/@codemirror/state/dist/index.js",
    "@codemirror/streamparser": "vendor/@codemirror/streamparser/dist/index.js",
    "@codemirror/view": "vendor/@codemirror/view/dist/index.js",
    "@lezer/common": "vendor/@lezer/common/dist/index.js",
    "@lezer/highlight": "vendor/@lezer/highlight/dist/index.js",
    "@lezer/lr": "vendor/@lezer/lr/dist/index.js",
    "@marijn/find-cluster-break": "vendor/@marijn/find-cluster-break/src/index.js",
    "crelt": "vendor/crelt/index.js",
    "style-mod": "vendor/style-mod/src/style-mod.js",
    "w3c-keyname": "vendor/w3c-keyname/index.js",
}


def importmap() -> str:
    """JSON for a `<script type="importmap">`."""
    return json.dumps({"imports": {name: static(path) for name, path in _MODULES.items()}})
