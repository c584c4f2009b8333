PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STUDY := assets/sample/synthetic_study
# Cornerstone3D asks for the last three without saying so: it counts on a bundler that has them.
NPM_READERS := dcmjs@0.52.2 esbuild@0.28.2 @cornerstonejs/core@5.14.0 @cornerstonejs/tools@5.14.0 \
	@cornerstonejs/adapters@5.14.0 @cornerstonejs/metadata@5.14.0 @babel/runtime@7.29.15 \
	events@3.3.0 url@0.11.4

.PHONY: setup setup-dev browser readers orthanc confinement run test check lint coverage sample study screenshots web-viewer-pictures clean
.PHONY: fuzz soak lock sbom audit

# What pytest has made of a test's asserts is kept from run to run.
test check coverage: export PYTHONDONTWRITEBYTECODE :=

setup: $(VENV)/.app-installed $(STUDY)

setup-dev: $(VENV)/.dev-installed

$(VENV)/.app-installed: requirements.txt constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements.txt -c constraints.txt
	touch $@

$(VENV)/.dev-installed: $(VENV)/.app-installed requirements-dev.txt requirements-hospital.txt \
		requirements-cluster.txt requirements-sign-in.txt
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt -c constraints.txt
	touch $@

# Debian's Chromium without a window where apt is allowed, else Playwright's own.
browser: setup-dev
	command -v chromium-headless-shell >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && apt-get update -qq \
			&& apt-get install -y -qq chromium-headless-shell >/dev/null; } \
		|| $(BIN)/playwright install chromium

# Programs of others that read DICOM. Tests that need one are skipped where it cannot be had.
readers: setup-dev
	command -v dciodvfy >/dev/null && command -v plastimatch >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && apt-get update -qq \
			&& apt-get install -y -qq --no-install-recommends dicom3tools plastimatch >/dev/null; } \
		|| echo "dicom3tools and plastimatch are not installed: apt as root is needed"
	test -d $(VENV)/node/node_modules/@cornerstonejs/adapters \
		|| npm install --silent --no-audit --no-fund --prefix $(VENV)/node $(NPM_READERS) >/dev/null \
		|| echo "dcmjs and Cornerstone3D are not installed: npm is needed"

# The PACS of the tests: Debian's, where apt is allowed. Without it the tests that need it say so.
orthanc:
	{ command -v Orthanc && test -e /usr/share/orthanc/plugins/libOrthancDicomWeb.so; } >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
			&& apt-get install -y -qq --no-install-recommends orthanc orthanc-dicomweb >/dev/null; } \
		|| echo "Orthanc cannot be installed here: its tests are skipped."

# Namespaces of the kernel, in which the app is started as its image would be.
confinement:
	command -v bwrap >/dev/null \
		|| { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq \
			&& apt-get install -y -qq --no-install-recommends bubblewrap >/dev/null; } \
		|| echo "bubblewrap is not installed: apt as root is needed"

# The sample as a scanner writes it: 20 MB, too much for the repository.
study: $(STUDY)

$(STUDY): | $(VENV)/.app-installed
	$(BIN)/python -m synthetic study --output $(STUDY).part
	rm -rf $(STUDY)-truth
	mv $(STUDY).part-truth $(STUDY)-truth
	mv $(STUDY).part $(STUDY)

run: setup
	$(BIN)/streamlit run app.py -- --case sample

# Two processes; tests/support/sharing_out.py says which runs what.
test: setup-dev browser readers orthanc confinement
	$(BIN)/python -m pytest -n 2

# For the working day: what browsers, trainings and scans at full size show is left to make test.
check: lint
	$(BIN)/python -m pytest -n 2 -m "not browser and not training and not slow" --durations=0 --durations-min=5

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Lines that tests without a browser run; CONTRIBUTING.md names the last figures.
coverage: setup-dev
	$(BIN)/python -m pytest -n 2 -m "not browser" --cov --cov-report=term --cov-fail-under=80
	$(BIN)/coverage report --include="inference/*,model_zoo/*" --fail-under=90

sample: setup
	$(BIN)/python -m synthetic --output assets/sample/synthetic_glioma

screenshots: setup-dev browser
	$(BIN)/python -m tests.screenshots screenshots

# What docs/dicom-results.md shows: the sample study's segmentation in a viewer of others.
web-viewer-pictures: browser readers study
	$(BIN)/python -m tests.web_viewer_pictures $(STUDY) assets/pictures

# Every reader fed with bytes that nobody thought of, guided by coverage; docs/fuzzing.md has the record.
SECONDS_EACH ?= 3600
fuzz: setup-dev
	for target in nifti dicom picture archive; do \
		$(BIN)/python -W ignore -m tests.fuzz $$target --seconds $(SECONDS_EACH) --corpus runs/fuzz/$$target || exit 1; \
	done

# Every fault at each stage that it reaches, with the tests of other folders that hold one, among them
# a memory that is used up; and many visitors. Takes half an hour.
soak: setup-dev
	GLIOLENS_SOAK=1 $(BIN)/python -m pytest tests/soak $$($(BIN)/python -m tests.soak.cells) \
		-s -o faulthandler_timeout=0

# What is only needed to look after dependencies has an environment of its own.
$(VENV)/audit/.installed: requirements-audit.txt
	test -x $(VENV)/audit/bin/python || $(PYTHON) -m venv $(VENV)/audit
	$(VENV)/audit/bin/python -m pip install --quiet -r requirements-audit.txt
	touch $@

# Each file that a serving host installs, by its checksum: pip install --require-hashes -r requirements.lock
lock: $(VENV)/audit/.installed
	$(VENV)/audit/bin/uv pip compile requirements-serve.txt -c constraints.txt --quiet --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --python-version 3.11 \
		--python-platform x86_64-manylinux_2_28 -o requirements.lock

# A bill of materials of what a serving host installs (CycloneDX).
sbom: $(VENV)/audit/.installed
	mkdir -p out
	$(VENV)/audit/bin/cyclonedx-py requirements requirements.lock --output-reproducible --of JSON -o out/sbom.cdx.json

# Asks a public list of known faults, which needs a network. Strict: what the list could not be asked
# about would otherwise count as having none.
audit: $(VENV)/audit/.installed
	$(VENV)/audit/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.lock

clean:
	rm -rf $(VENV) .coverage .mypy_cache .pytest_cache .ruff_cache
