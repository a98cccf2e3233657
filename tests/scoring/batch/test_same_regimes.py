"""Every case of every regime, read from files as `zhunze evaluate` reads them, through both evaluators."""

import pytest

from tests.scoring.regimes.test_compounds import *  # noqa: F403
from tests.scoring.regimes.test_credit_grades import *  # noqa: F403
from tests.scoring.regimes.test_people_and_agencies import *  # noqa: F403
from tests.scoring.regimes.test_published_rows import *  # noqa: F403
from tests.scoring.regimes.test_readings import *  # noqa: F403

pytestmark = pytest.mark.usefixtures("_both_evaluators")
