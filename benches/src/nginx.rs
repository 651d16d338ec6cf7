//! nginx, the reference for plain transfers.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, bail};

const PATIENCE: Duration = Duration::from_secs(5);

/// An nginx that takes PUT and answers GET; killed when dropped.
pub(crate) struct Nginx {
    process: Child,
    pub(crate) address: String,
}

impl Nginx {
    pub(crate) fn start(dir: &Path) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        fs::create_dir_all(dir.join("files"))?;
        let here = dir.display();
        let config = format!(
            "daemon off; pid {here}/pid; error_log {here}/error.log; worker_processes auto;\n\
             user root;\n\
             events {{}}\n\
             http {{\n\
               access_log off; sendfile on; client_max_body_size 0; client_body_temp_path {here}/incoming;\n\
               proxy_temp_path {here}/p; fastcgi_temp_path {here}/f; uwsgi_temp_path {here}/u; scgi_temp_path {here}/s;\n\
               server {{ listen 127.0.0.1:{port}; root {here}/files; dav_methods PUT; }}\n\
             }}\n"
        );
        fs::write(dir.join("nginx.conf"), config)?;
        let process = Command::new("nginx")
            .arg("-c")
            .arg(dir.join("nginx.conf"))
            .stderr(Stdio::null())
            .spawn()
            .context("nginx does not start; install it: apt-get install nginx-light")?;
        let address = format!("127.0.0.1:{port}");
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(&address).is_err() {
            if Instant::now() > deadline {
                bail!("nginx does not answer: {}", fs::read_to_string(dir.join("error.log"))?);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(Self {
            process,
            address: format!("http://{address}"),
        })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Its workers end with the master.
        if let Some(pid) = rustix::process::Pid::from_raw(self.process.id().cast_signed()) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let _ = self.process.wait();
    }
}
