# ictip as a container: pinned requirements, no root, Java only as the embedded engine's own wheel carries it.
# It listens on loopback alone until authentication is configured, so run it on the host's network
# (docker-compose.yml does); a published port would not reach it.

FROM python:3.11-slim AS build
WORKDIR /source
COPY requirements/ requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/dev.lock
COPY pyproject.toml README.md LICENSE ./
COPY ontology/ ontology/
COPY registry/ registry/
COPY graphql_api/ graphql_api/
RUN python -m build --wheel --no-isolation --outdir /wheels \
    && python -m venv /opt/ictip \
    && /opt/ictip/bin/pip install --no-cache-dir --require-hashes -r requirements/base.lock \
    && /opt/ictip/bin/pip install --no-cache-dir --no-deps --no-index /wheels/*.whl

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home --home-dir /home/ictip --shell /usr/sbin/nologin ictip \
    && install --directory --owner ictip --group ictip --mode 0700 /data
COPY --from=build /opt/ictip /opt/ictip
ENV PATH=/opt/ictip/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER ictip
WORKDIR /home/ictip
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/ready', timeout=4)"]
ENTRYPOINT ["ictip"]
CMD ["serve", "--data", "/data/main"]
