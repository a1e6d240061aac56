"""A headless Chromium and a real server for the browser tests and the screenshots."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

CHROMIUM = shutil.which("chromium")
CHROMEDRIVER = shutil.which("chromedriver")
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
)


@contextlib.contextmanager
def browser(width: int = 1280, height: int = 900, *, dark: bool = False) -> Iterator[Chrome]:
    """Yield a Chromium with a new empty profile and a window of the given size in CSS pixels."""
    with tempfile.TemporaryDirectory() as profile:
        options = ChromeOptions()
        options.binary_location = str(CHROMIUM)
        for option in (*_OPTIONS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
            options.add_argument(option)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        driver = Chrome(options=options, service=Service(str(CHROMEDRIVER)))
        try:
            # The window can't be narrower than about 500 pixels; the device metrics can.
            metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": scheme})
            yield driver
        finally:
            driver.quit()


@contextlib.contextmanager
def server(database: Path) -> Iterator[str]:
    """Run `spinemets serve` on a free loopback port and yield its address."""
    command = [sys.executable, "-m", "spinemets.cli", "serve", "--db", str(database), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            if "http://" in line:
                address = line.split("http://")[1].split()[0]
                with urllib.request.urlopen(f"http://{address}/about", timeout=30) as answer:
                    assert answer.status == 200
                yield f"http://{address}"
                return
        raise AssertionError("the server ended before it listened")
    finally:
        process.terminate()
        process.communicate(timeout=20)
