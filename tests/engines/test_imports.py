"""What the program loads when it starts."""

from __future__ import annotations

import subprocess
import sys


def test_the_parent_s_side_loads_no_model_library() -> None:
    program = (
        "import sys\n"
        "import appliance.engines.llama, appliance.engines.sentence, appliance.engines.catalogue\n"
        "import appliance.engines.remote.registry, appliance.engines.remote.probe\n"
        "import appliance.engines.remote.embed, appliance.engines.route\n"
        "import appliance.engines.remote.gemini_content, appliance.engines.remote.groq_chat\n"
        "import appliance.engines.remote.anthropic_messages\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'llama_cpp', 'jinja2',\n"
        "    'openai', 'anthropic', 'google.genai', 'groq', 'httpx', 'httpx2'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout.strip() == b"[]"
