<?php // What a web server does before WordPress: its pretty addresses, the files that were sent up, and one address that empties it.
$path = urldecode(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
if (str_starts_with($path, '/files/')) {
    clearstatcache(true); // each worker remembers for two minutes where a file lay, and would serve nothing in 200 once it is gone
    $file = realpath(getenv('FOLDER') . $path);
    if ($file === false || !str_starts_with($file, getenv('FOLDER') . '/files/')) {
        http_response_code(404);
        return;
    }
    header('Content-Type: ' . mime_content_type($file));
    readfile($file);
    return;
}
if ($path === '/forget') {
    require getenv('WORDPRESS_SITE') . '/wp-load.php';
    foreach (['posts', 'postmeta', 'term_relationships'] as $table) {
        $wpdb->query("DELETE FROM {$wpdb->$table}"); // numbers are never given again: some are the names of pages in its settings
    }
    return;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = getenv('WORDPRESS_SITE') . '/index.php';
chdir(getenv('WORDPRESS_SITE'));
require $_SERVER['SCRIPT_FILENAME'];
