"""Clones of authors' repositories, made of invented rows in the authors' formats, one a set."""

from __future__ import annotations

import json
from pathlib import Path

DSE = {
    "dataset/train.txt": "[Mayor Ortiz] praised [the union] again.\tMayor Ortiz\tthe union\t1\n"
    "The leak: [Noori] attacked [Amini].\tNoori\tAmini\t3\n"
    '"[""Bee"" Ltd] sued [Amini]s."\t"""Bee"" Ltd"\tAmini\t4\n',
    "dataset/valid.txt": "The leak: [Noori] attacked [Amini].\tNoori\tAmini\t3\n"
    " Of [Karimi], [Noori] said nothing.\tNoori\tKarimi\t0\n",
    "dataset/test.txt": "[A] met [B].\tA\tB\t0\n",
}
VAST = {
    "data/VAST/vast_train.csv": "author,post,new_topic,label,new_id\nx,Uniforms spare a fight.,school uniforms,1,77\n"
    'y,"No, thanks.",school uniforms,0,78\nz,Off topic.,dams,2,79\n',
    "data/VAST/vast_dev.csv": "post,new_topic,label,new_id,seen?\nDams work.,dams,1,5,0\nThey do not.,dams,0,6,1\n",
}
ANN = (
    "T1\tSource 12 17\tOrtiz\nT2\tCue 7 11\tsaid\nT3\tContent 1 3;18 24\tNo never.\nT4\tAttribution 7 11\tsaid\n"
    "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1\n"
)
POLNEAR = {
    "data/train/text/paper_2016-01-01_a-title.txt": "“No,” said Ortiz never.\n",
    "data/train/attributions/paper_2016-01-01_a-title_ab12.ann": ANN,
    "data/dev/text/paper_2016-01-02_nobody.txt": "Nobody annotated this.\n",
    "data/dev/attributions/.keep": "",
}
NEWSMTSC_FOLDER = "NewsSentiment/controller_data/datasets/NewsMTSC-dataset"
NEWSMTSC = {
    f"{NEWSMTSC_FOLDER}/train.jsonl": json.dumps(
        {
            "primary_gid": "g1",
            "sentence_normalized": "Noori thanked Amini.",
            "targets": [
                {"Input.gid": "g1_0", "from": 0, "to": 5, "mention": "Noori", "polarity": 4.0},
                {"Input.gid": "g1_1", "from": 14, "to": 19, "mention": "Amini", "polarity": 6.0},
            ],
        }
    )
    + "\n"
}
GWSD = {
    "GWSD.tsv": "\tguid\tsentence\tdisagree\tagree\tneutral\tin_held_out_test\n"
    "0\t1_0_s0\tScreening.\t\t\t\tFalse\n"
    "1\t1_0_t0\tSeas rise.\t0.1\t0.7\t0.2\tFalse\n"
    "2\t1_0_t1\tKept apart.\t0.1\t0.7\t0.2\tTrue\n"
}
IAM = {
    "stance/train.txt": "C\tShould we build dams\tDams hold water.\t1_1\t1\n"
    "O\tShould we build dams\tOnce there was one.\t1_1\t0\n"
    "C\tShould we build dams\tDams break.\t1_2\t-1\n",
    "stance/dev.txt": "C\tShould we build dams\tDams silt up.\t2_2\t-1\n",
}
ARGKP = {
    f"kpm_data/arguments_{part}.csv": "arg_id,argument,topic,stance\n"
    'arg_0_0,"A uniform hides ""who"" is poor.",We should keep school uniforms,1\n'
    "arg_0_1,It costs too much,We should keep school uniforms,-1\n"
    for part in ("train", "dev")
}
PERSPECTRUM = {
    "data/dataset/perspectrum_with_answers_v1.0.json": json.dumps(
        [
            {
                "cId": 7,
                "text": "Dams should be built",
                "perspectives": [
                    {"pids": [1, 2], "stance_label_3": "SUPPORT"},
                    {"pids": [3], "stance_label_3": "UNDERMINE"},
                ],
            },
            {"cId": 8, "text": "Fish matter", "perspectives": [{"pids": [3], "stance_label_3": "SUPPORT"}]},
        ]
    ),
    "data/dataset/perspective_pool_v1.0.json": json.dumps(
        [{"pId": number, "text": text} for number, text in ((1, "Water!"), (2, "Power! "), (3, "Fish die"))]
    ),
    "data/dataset/dataset_split_v1.0.json": json.dumps({"7": "train", "8": "dev"}),
}
CLONES = {
    "dse": DSE,
    "vast": VAST,
    "polnear": POLNEAR,
    "newsmtsc": NEWSMTSC,
    "gwsd": GWSD,
    "iam": IAM,
    "ibm_argkp": ARGKP,
    "perspectrum": PERSPECTRUM,
}


def clone_of(name: str, folder: Path, **replaced: str | None) -> Path:
    """Write the invented clone of a set; `replaced` are files with another text, or None for none."""
    return write(folder, {**CLONES[name], **replaced})


def write(folder: Path, files: dict[str, str | None]) -> Path:
    for name, text in files.items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder
