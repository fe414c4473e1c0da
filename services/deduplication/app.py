"""The deduplication service: `faust -A services.deduplication.app worker`."""

from services.deduplication.agent import BATCH_RECORDS, stage
from services.deduplication.deduplicator import Deduplicator
from services.runtime.faust_app import Service

service = Service("deduplication")
app = service.app
settings = service.settings
deduplicator = Deduplicator(service.redis, settings.redis_prefix, settings.dedup_days, settings.story_days)
agent = service.agent(stage(deduplicator), BATCH_RECORDS)
