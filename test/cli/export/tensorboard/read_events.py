"""What TensorBoard's own reader finds in a folder of runs, as JSON: read_events.py FOLDER."""

import json
import sys
from pathlib import Path

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.plugins.hparams import plugin_data_pb2

runs = {}
for folder in sorted(Path(sys.argv[1]).iterdir()):
    read = EventAccumulator(str(folder)).Reload()
    tags = read.Tags()["scalars"]
    scalars = {tag: [[each.step, each.value, each.wall_time] for each in read.Scalars(tag)] for tag in tags}
    hparams, status = {}, None
    (file,) = folder.iterdir()
    for event in EventFileLoader(str(file)).Load():
        for value in event.summary.value:
            if value.metadata.plugin_data.plugin_name == "hparams":
                data = plugin_data_pb2.HParamsPluginData.FromString(value.metadata.plugin_data.content)
                status = data.session_end_info.status or status
                hparams |= {name: each.string_value for name, each in data.session_start_info.hparams.items()}
    runs[folder.name] = {"scalars": scalars, "hparams": hparams, "status": status}
print(json.dumps(runs))
