namespace OpenAIProxy.Bench.Subjects;

/// <summary>nginx as a reverse proxy that does nothing else: what is possible without .NET.</summary>
internal sealed class Nginx(BenchSettings settings, Upstream upstream) : Subject("nginx")
{
    private string Folder => Path.Combine(settings.Work, "nginx");

    // One worker uses as much for a request as several do. Bodies of a prompt stay in memory.
    private string Configuration => $$"""
        daemon off;
        worker_processes 1;
        worker_rlimit_nofile 20000;
        pid {{Folder}}/nginx.pid;
        error_log stderr crit;
        events { worker_connections 16384; }
        http {
          access_log off;
          tcp_nodelay on;
          keepalive_requests 1000000000;
          client_max_body_size 64m;
          client_body_buffer_size 1m;
          client_body_temp_path {{Folder}}/body;
          proxy_temp_path {{Folder}}/proxy;
          fastcgi_temp_path {{Folder}}/fastcgi;
          uwsgi_temp_path {{Folder}}/uwsgi;
          scgi_temp_path {{Folder}}/scgi;
          upstream azure { server {{upstream.Address}}; keepalive 512; keepalive_requests 1000000000; }
          server {
            listen {{Address}} backlog=4096;
            location / {
              proxy_pass http://azure;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_buffering off;
            }
          }
        }

        """;

    protected override ServerProcess Launch()
    {
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, "nginx.conf");
        File.WriteAllText(file, Environment.IsPrivilegedProcess ? "user root;\n" + Configuration : Configuration);
        return ServerProcess.Start(Path.Combine(settings.Work, "nginx.log"), [settings.Nginx, "-p", Folder, "-e", "stderr", "-c", file], []);
    }
}
