"""The normalization service: `faust -A services.normalization.app worker`."""

from services.normalization.agent import BATCH_RECORDS, stage
from services.runtime.faust_app import Service

service = Service("normalization")
app = service.app
agent = service.agent(stage(), BATCH_RECORDS)
