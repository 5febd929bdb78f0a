"""What NumPy, pandas, scikit-learn and Keras print for each line of the snippet files: written beside
them for the tests of the lab's own libraries. Run: KERAS_BACKEND=torch python snippets.py [NAME...]"""
import contextlib
import io
import json
import os
import sys
import warnings

import numpy as np

HEADS = {
    "numpy": "import numpy as np",
    "random": "import random\nimport numpy as np",
    "pandas": "import numpy as np\nimport pandas as pd",
    "sklearn": "import numpy as np",
    "ops": "import numpy as np\nimport keras\nfrom keras import ops\nnp.set_printoptions(precision=5)",
}

warnings.simplefilter("ignore")
os.chdir(os.path.dirname(os.path.abspath(__file__)))
for name in sys.argv[1:] or HEADS:
    found = []
    for line in open(f"{name}_snippets.txt"):
        # A snippet is a line; "\\n" in it breaks it, for blocks.
        program = HEADS[name] + "\n" + line.rstrip("\n").replace("¶", "\n") + "\n"
        np.set_printoptions(
            precision=8, threshold=1000, edgeitems=3, linewidth=75, suppress=False)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            try:
                exec(compile(program, name, "exec"), {})
            except Exception as error:
                print(program, error, file=sys.stderr)
        found.append({"program": program, "output": output.getvalue()})
    with open(f"{name}_snippets.json", "w") as file:
        json.dump(found, file, indent=1, ensure_ascii=False)
        file.write("\n")
