# The service alone: no torch, no lab. `docker compose up --build`, then http://localhost:8000

FROM node:22-slim AS page
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm install --no-save --no-audit --no-fund
COPY frontend/ ./
RUN npm run build


FROM python:3.12-slim AS packages
RUN python -m venv /opt/assay
WORKDIR /src/backend
COPY backend/pyproject.toml ./
COPY backend/assay/ assay/
RUN /opt/assay/bin/pip install --no-cache-dir .


FROM python:3.12-slim
# /data exists before the volume does, so that a new volume belongs to the user.
RUN useradd --system --uid 10001 --no-create-home --home-dir /data assay \
    && install --directory --owner assay /data
COPY --from=packages /opt/assay /opt/assay
COPY --from=page /src/frontend/dist /srv/page
COPY models/ /srv/models/
ENV PATH=/opt/assay/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ASSAY_DATA_DIR=/data \
    ASSAY_MODELS_DIR=/srv/models \
    ASSAY_DASHBOARD_DIR=/srv/page
USER assay
WORKDIR /data
VOLUME /data
EXPOSE 8000
# Ready means that database, models and worker are there.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["assay", "serve", "--host", "0.0.0.0", "--port", "8000"]
