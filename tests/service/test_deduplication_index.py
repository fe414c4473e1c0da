import redis


def test_x(valkey_url):
    c = redis.Redis.from_url(valkey_url)
    assert c.ping()
    print(c.info("server"))
