# GlioLens with its weights inside: needs no network to run.
FROM python:3.11-slim

# Reads and writes nothing outside its own folder and /tmp, the listener /data; never as root. Any
# user may read it, so that a host which chooses the user (--user, OpenShift) can run it.
RUN useradd --create-home --uid 10001 gliolens && chmod 755 /home/gliolens \
    && install --directory --owner=gliolens --mode=700 /data
WORKDIR /home/gliolens/app

# Without PyTorch: see docs/deploying.md for what that leaves out. With what speaks to a PACS and
# what signs visitors in.
COPY requirements-serve.txt requirements-hospital.txt requirements-sign-in.txt constraints.txt ./
RUN pip install --no-cache-dir -r requirements-serve.txt -r requirements-hospital.txt \
    -r requirements-sign-in.txt -c constraints.txt

COPY --chown=gliolens .streamlit ./.streamlit
COPY --chown=gliolens assets ./assets
COPY --chown=gliolens common ./common
COPY --chown=gliolens inference ./inference
COPY --chown=gliolens model_zoo ./model_zoo
COPY --chown=gliolens pages ./pages
COPY --chown=gliolens quicklook ./quicklook
COPY --chown=gliolens report ./report
COPY --chown=gliolens scene ./scene
COPY --chown=gliolens viewer ./viewer
COPY --chown=gliolens workspace ./workspace
COPY --chown=gliolens app.py ./

USER gliolens
ENV HF_HUB_OFFLINE=1 PYTHONUNBUFFERED=1
EXPOSE 8501
# Past any proxy of the environment, and with patience: the models take every core.
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s CMD \
    ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8501, timeout=12); c.request('GET', '/_stcore/health'); assert c.getresponse().status == 200"]
ENTRYPOINT ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.headless=true", "--server.fileWatcherType=none"]
