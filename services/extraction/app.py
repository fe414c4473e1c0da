"""The extraction service: `faust -A services.extraction.app worker`."""

import sys

from services.extraction.agent import batch_records, stage
from services.extraction.engine import EngineUnavailable, load_engine
from services.runtime.faust_app import Service

service = Service("extraction")
app = service.app
try:
    engine = load_engine(service.settings.engine)
except EngineUnavailable as error:
    print(f"extraction cannot start, mend this first:\n{error}", file=sys.stderr)
    sys.exit(2)
agent = service.agent(stage(engine), batch_records(engine))
