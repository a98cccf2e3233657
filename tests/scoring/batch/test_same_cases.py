"""Every case written for the reference evaluator holds for the columnar one, and both agree on everything else."""

import pytest

from tests.scoring.operators.test_aggregate import *  # noqa: F403
from tests.scoring.operators.test_history import *  # noqa: F403
from tests.scoring.operators.test_order import *  # noqa: F403
from tests.scoring.operators.test_rowwise import *  # noqa: F403
from tests.scoring.test_cases import *  # noqa: F403
from tests.scoring.test_facts import *  # noqa: F403
from tests.scoring.test_grains import *  # noqa: F403
from tests.scoring.test_paper import *  # noqa: F403
from tests.scoring.test_parts import *  # noqa: F403

pytestmark = pytest.mark.usefixtures("_both_evaluators")
