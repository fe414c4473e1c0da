"""The extraction service: `faust -A services.extraction.app worker`."""

from services.extraction.agent import BATCH_RECORDS, stage
from services.extraction.engine import load_engine
from services.runtime.faust_app import Service

service = Service("extraction")
app = service.app
agent = service.agent(stage(load_engine(service.settings.engine)), BATCH_RECORDS)
